/**
 * Who may import whom. `make lint` holds it.
 *
 * The rooms of `src/`, from the lowest up: a room imports only rooms of rows below it, and its own files.
 * Rooms of one row do not import each other.
 */
const ROOMS = [
  ["errors"],
  ["time"],
  ["bytes"],
  ["flow"],
  ["inputs"],
  ["http"],
  ["tasks"],
  ["submit", "watch", "results"],
  ["run"],
  ["webhook"],
];

/** What stands on the rooms: the top's own files, and below them nothing imports these. */
const ABOVE = ["node", "proxy", "cli"];

const rules = ROOMS.flatMap((row, height) =>
  row.map((room) => {
    const allowed = [...ROOMS.slice(0, height).flat(), room];
    return {
      name: `src-${room}`,
      comment: `src/${room} may import ${allowed.join(", ")} alone: see ROOMS in .dependency-cruiser.mjs`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: "^src/", pathNot: `^src/(${allowed.join("|")})/` },
    };
  }),
);

export default {
  forbidden: [
    ...rules,
    {
      name: "src-unknown-room",
      comment: "Every folder of src/ has its place in ROOMS.",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: `^src/(${[...ROOMS.flat(), ...ABOVE].join("|")})/` },
      to: {},
    },
    {
      name: "src-top",
      comment: "src/node, src/proxy and src/cli stand beside the top: it does not need them.",
      severity: "error",
      from: { path: "^src/[^/]+$" },
      to: { path: `^src/(${ABOVE.join("|")})/` },
    },
    {
      name: "no-circle",
      comment: "No circle of imports, those of types included.",
      severity: "error",
      from: { path: "^(src|codegen/src|standin/src)/" },
      to: { circular: true },
    },
    {
      name: "nothing-loaded-late",
      comment:
        "What a run needs in trouble is loaded at its start: no import() but in src/node and src/cli.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(node|cli)/" },
      to: { dynamic: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".d.ts"] },
    doNotFollow: { path: "node_modules" },
  },
};
