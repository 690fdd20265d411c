/** A stone-like body for 3D outputs, painted with the picture it was made from. */
import type { Mesh } from "../media/glb.js";
import type { Picture } from "../picture.js";
import { fractal } from "./noise.js";

const RINGS = 40;
const SEGMENTS = 64;

export function makeBody(seed: number, paint: Picture | undefined): Mesh {
  const count = (RINGS + 1) * (SEGMENTS + 1);
  const positions = new Float32Array(count * 3);
  const normals = new Float32Array(count * 3);
  const colours = new Uint8Array(count * 4);
  let vertex = 0;
  for (let ring = 0; ring <= RINGS; ring += 1) {
    const theta = (ring / RINGS) * Math.PI;
    for (let segment = 0; segment <= SEGMENTS; segment += 1) {
      const phi = (segment / SEGMENTS) * Math.PI * 2;
      const x = Math.sin(theta) * Math.cos(phi);
      const y = Math.cos(theta);
      const z = Math.sin(theta) * Math.sin(phi);
      const radius = 0.7 + 0.5 * fractal(seed, x * 1.6 + z * 0.9 + 7, y * 1.6 + z * 0.7 + 3, 4);
      positions.set([x * radius, y * radius, z * radius], vertex * 3);
      normals.set([x, y, z], vertex * 3);
      colours.set(colourAt(paint, seed, (x + 1) / 2, (1 - y) / 2), vertex * 4);
      vertex += 1;
    }
  }
  const triangles: number[] = [];
  for (let ring = 0; ring < RINGS; ring += 1) {
    for (let segment = 0; segment < SEGMENTS; segment += 1) {
      const a = ring * (SEGMENTS + 1) + segment;
      const b = a + SEGMENTS + 1;
      triangles.push(a, a + 1, b, a + 1, b + 1, b);
    }
  }
  return { positions, normals, colours, triangles: Uint16Array.from(triangles) };
}

function colourAt(paint: Picture | undefined, seed: number, u: number, v: number): number[] {
  if (paint === undefined) {
    const shade = 90 + 140 * fractal(seed + 5, u * 9, v * 9, 3);
    return [shade, shade * 0.9, shade * 0.75, 255];
  }
  const px = Math.min(paint.width - 1, Math.floor(u * paint.width));
  const py = Math.min(paint.height - 1, Math.floor(v * paint.height));
  const p = (py * paint.width + px) * 4;
  return [paint.data[p] ?? 0, paint.data[p + 1] ?? 0, paint.data[p + 2] ?? 0, 255];
}
