/** Binary glTF files: one body with coloured vertices. */

export interface Mesh {
  /** x, y, z of each vertex, metres. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Red, green, blue, alpha of each vertex. */
  readonly colours: Uint8Array;
  /** Three vertices a triangle, anticlockwise seen from outside. */
  readonly triangles: Uint16Array;
}

const FLOAT = 5126;
const BYTE = 5121;
const SHORT = 5123;
const VERTICES = 34962;
const INDICES = 34963;

function padded(bytes: Buffer, fill: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, fill)]);
}

function bytesOf(array: Float32Array | Uint8Array | Uint16Array): Buffer {
  return padded(Buffer.from(array.buffer, array.byteOffset, array.byteLength), 0);
}

function bounds(positions: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  positions.forEach((value, index) => {
    const axis = index % 3;
    min[axis] = Math.min(min[axis] ?? 0, value);
    max[axis] = Math.max(max[axis] ?? 0, value);
  });
  return { min, max };
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(data.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, data]);
}

export function encodeGlb(mesh: Mesh, name: string): Buffer {
  const parts = [mesh.positions, mesh.normals, mesh.colours, mesh.triangles].map(bytesOf);
  const views: { buffer: 0; byteOffset: number; byteLength: number; target: number }[] = [];
  let offset = 0;
  for (const [index, part] of parts.entries()) {
    const target = index === 3 ? INDICES : VERTICES;
    views.push({ buffer: 0, byteOffset: offset, byteLength: part.length, target });
    offset += part.length;
  }
  const count = mesh.positions.length / 3;
  const document = {
    asset: { version: "2.0", generator: "visionatrix-standin (made by a program, no AI)" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name }],
    meshes: [
      {
        primitives: [
          { attributes: { POSITION: 0, NORMAL: 1, COLOR_0: 2 }, indices: 3, material: 0 },
        ],
      },
    ],
    materials: [{ pbrMetallicRoughness: { metallicFactor: 0, roughnessFactor: 0.7 } }],
    buffers: [{ byteLength: offset }],
    bufferViews: views,
    accessors: [
      { bufferView: 0, componentType: FLOAT, count, type: "VEC3", ...bounds(mesh.positions) },
      { bufferView: 1, componentType: FLOAT, count, type: "VEC3" },
      { bufferView: 2, componentType: BYTE, normalized: true, count, type: "VEC4" },
      { bufferView: 3, componentType: SHORT, count: mesh.triangles.length, type: "SCALAR" },
    ],
  };
  const body = Buffer.concat([
    chunk("JSON", padded(Buffer.from(JSON.stringify(document)), 0x20)),
    chunk("BIN\0", Buffer.concat(parts)),
  ]);
  const head = Buffer.alloc(12);
  head.write("glTF", "latin1");
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(body.length + 12, 8);
  return Buffer.concat([head, body]);
}
