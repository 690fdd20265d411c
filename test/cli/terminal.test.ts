import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bar, barLine, Pace } from "../../src/cli/terminal/bar.js";
import { clean, oneLine } from "../../src/cli/terminal/clean.js";
import { bytes, seconds } from "../../src/cli/terminal/format.js";
import { Live } from "../../src/cli/terminal/live.js";
import { pictureSequence, protocolOf } from "../../src/cli/terminal/preview.js";
import { coloursFor } from "../../src/cli/terminal/streams.js";
import { table } from "../../src/cli/terminal/table.js";
import { fit, pad, widthOf, wrap } from "../../src/cli/terminal/width.js";

const texts = fc.string({ unit: "grapheme", maxLength: 40 });

describe("widths", () => {
  it.each([
    ["abc", 3],
    ["发型", 4],
    ["ｆｕｌｌ", 8],
    ["한국어", 6],
    ["e\u0301", 1],
    ["🦊", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["\u001b[1mbold\u001b[22m", 4],
    ["a\u200bb", 2],
  ])("%j takes %d columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it("fit and wrap never give more columns than there are, and wrap loses nothing", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, columns) => {
        expect(widthOf(fit(text, columns))).toBeLessThanOrEqual(columns);
        const lines = wrap(text, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  it("tables line up, with Chinese in them too", () => {
    const lines = table(
      [
        ["a", "x", "end"],
        ["发型", "yy", "end"],
      ],
      Infinity,
    );
    expect(lines).toEqual(["a     x   end", "发型  yy  end"]);
    expect(pad("发", 4)).toBe("发  ");
  });
});

describe("bars", () => {
  it("fill their line at most, whatever text follows them", () => {
    const facts = fc.array(texts, { maxLength: 5 });
    fc.assert(
      fc.property(
        texts,
        fc.double(),
        facts,
        fc.integer({ min: 10, max: 220 }),
        (label, part, said, columns) => {
          const line = barLine(label, part, said, columns);
          expect(widthOf(line)).toBeLessThanOrEqual(columns);
          expect(line).toContain("%");
        },
      ),
    );
    expect(bar(0.5, 12)).toBe("[#####.....]");
    expect(bar(7, 4)).toBe("[##]");
  });

  it("drop what does not fit, from the end", () => {
    const facts = ["1 of 2 done", "4.0 s left", "9 %/s"];
    expect(barLine("flow", 0.42, facts, 200)).toMatch(
      /^flow \[#+\.+\] {2}42 % {2}1 of 2 done {2}4.0 s left {2}9 %\/s$/,
    );
    expect(barLine("flow", 0.42, facts, 45)).toMatch(/^flow \[#+\.+\] {2}42 % {2}1 of 2 done$/);
    expect(barLine("a long label", 0.42, facts, 14)).toBe("a long…   42 %");
  });

  it("know the speed, and start again when a task does", () => {
    const pace = new Pace();
    pace.add(0, 0);
    expect(pace.perSecond).toBeUndefined();
    pace.add(10_000, 50);
    expect(pace.perSecond).toBe(5);
    expect(pace.rest(100)).toEqual(["10 s left"]);
    pace.add(11_000, 0);
    expect(pace.rest(100)).toEqual([]);
  });
});

describe("texts from outside", () => {
  it("cannot make a terminal do anything", () => {
    const hostile = "a\u001b]0;title\u0007b\u009b31mc\u202ed\r\ne";
    expect(clean(hostile)).toBe("a]0;titleb31mcd\ne");
    expect(oneLine("a\n\n b\tc ")).toBe("a b c");
  });
});

describe("amounts", () => {
  it.each([
    [undefined, "?"],
    [0, "0 B"],
    [999, "999 B"],
    [1200, "1.2 kB"],
    [999_999, "1.0 MB"],
    [31_000_000, "31 MB"],
  ])("%j bytes are %s", (size, text) => expect(bytes(size)).toBe(text));

  it.each([
    [0.04, "0.0 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
    [3599.7, "1 h"],
  ])("%d seconds are %s", (value, text) => expect(seconds(value)).toBe(text));
});

/** A stream that records what a terminal would get. */
function fakeTerminal(
  columns: number,
  isTTY = true,
): { stream: NodeJS.WriteStream; shown: string[] } {
  const shown: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => shown.push(text) > 0 };
  return { stream: stream as unknown as NodeJS.WriteStream, shown };
}

describe("live lines", () => {
  it("are redrawn, cut to the terminal, and stay below what is printed", () => {
    const { stream, shown } = fakeTerminal(20);
    const live = new Live(stream, {}, false);
    live.draw(() => ["x".repeat(50)]);
    expect(shown.join("")).toContain(`${"x".repeat(18)}…`);
    live.above(() => shown.push("a line\n"));
    expect(shown.slice(-2)).toEqual(["a line\n", expect.stringContaining("xxx") as string]);
    live.clear();
    live.above(() => shown.push("last\n"));
    expect(shown.at(-1)).toBe("last\n");
  });

  it.each([
    ["no terminal", false, {}, false],
    ["CI", true, { CI: "true" }, false],
    ["a dumb terminal", true, { TERM: "dumb" }, false],
    ["--quiet", true, {}, true],
  ] as const)("are not drawn on %s", (_why, isTTY, env, quiet) => {
    const { stream, shown } = fakeTerminal(80, isTTY);
    new Live(stream, env, quiet).draw(() => ["x"]);
    expect(shown).toEqual([]);
  });

  it("have no colours with NO_COLOR, but are drawn", () => {
    const { stream } = fakeTerminal(80);
    expect(coloursFor(stream, { NO_COLOR: "1" }).red("x")).toBe("x");
    expect(coloursFor(stream, {}).red("x")).toBe("\u001b[31mx\u001b[39m");
    expect(new Live(stream, { NO_COLOR: "1" }, false).on).toBe(true);
  });
});

describe("previews", () => {
  it("are for terminals that show pictures, and not through a multiplexer", () => {
    expect(protocolOf({ TERM: "xterm-kitty" })).toBe("kitty");
    expect(protocolOf({ TERM_PROGRAM: "iTerm.app" })).toBe("iterm");
    expect(protocolOf({ TERM_PROGRAM: "WezTerm", TMUX: "x" })).toBeUndefined();
    expect(protocolOf({ TERM: "xterm-256color" })).toBeUndefined();
  });

  it("hand the bytes over as they are, in pieces", () => {
    const content = Buffer.alloc(7000, 1);
    const kitty = pictureSequence(content, "image/png", "kitty")!;
    const pieces = [...kitty.matchAll(/_G([^;]*);([^\u001b]*)/g)]; // eslint-disable-line no-control-regex
    expect(pieces.map(([, head]) => head!.slice(-3))).toEqual(["m=1", "m=1", "m=0"]);
    expect(pieces.map(([, , data]) => data).join("")).toBe(content.toString("base64"));
    expect(pictureSequence(content, "image/webp", "kitty")).toBeUndefined();
    expect(pictureSequence(content, "video/mp4", "iterm")).toBeUndefined();
  });
});
