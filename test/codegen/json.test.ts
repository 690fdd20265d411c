import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../codegen/src/json/parse.js";
import { escapeInvisible, InexactNumber, type Json } from "../../codegen/src/json/value.js";

/** As `JSON.parse` would give it. */
function asPlain(value: Json): unknown {
  if (value instanceof InexactNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map((item) => asPlain(item));
  if (!(value instanceof Map)) return value;
  const object: Record<string, unknown> = {};
  for (const [key, item] of value) {
    Object.defineProperty(object, key, {
      value: asPlain(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

test("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), fc.nat(3), (text, indent) => {
      const spaced = JSON.stringify(JSON.parse(text), null, indent);
      const expected = JSON.parse(spaced.replace(/-0(?![.\d])/g, "0")) as unknown;
      expect(asPlain(parseJson(spaced))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("refuses what JSON.parse refuses", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", ",", "}", "]", "x", '"', "\\", "01", "\u00a0"),
      (text, at, piece) => {
        const place = at % (text.length + 1);
        const edited = text.slice(0, place) + piece + text.slice(place + 1);
        let valid = true;
        try {
          JSON.parse(edited);
        } catch {
          valid = false;
        }
        if (valid) return;
        expect(() => parseJson(edited)).toThrow(
          expect.objectContaining({ name: "CodegenError" }) as Error,
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test("keeps the order of numeric keys, and __proto__", () => {
  const value = parseJson('{"b":1,"2":2,"__proto__":3,"1":4}') as Map<string, Json>;
  expect([...value]).toEqual([
    ["b", 1],
    ["2", 2],
    ["__proto__", 3],
    ["1", 4],
  ]);
});

test("says in which line a document breaks off, and where in it", () => {
  const broken = '{\n  "a": {\n    "b/c": [1, tru]\n  }\n}';
  expect(() => parseJson(broken)).toThrow(
    expect.objectContaining({
      code: "json_syntax",
      pointer: "/a/b~1c/1",
      value: "line 3, column 16",
    }) as Error,
  );
});

test("names the place of a repeated key", () => {
  expect(() => parseJson('{"a":[{"x":1,"x":2}]}')).toThrow(
    expect.objectContaining({ code: "json_duplicate_key", pointer: "/a/0/x" }) as Error,
  );
});

test("escaping invisible characters changes no value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const escaped = escapeInvisible(JSON.stringify(text));
      expect(JSON.parse(escaped)).toBe(text);
      expect(escaped).not.toMatch(
        /[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u,
      );
    }),
    { numRuns: 2_000 },
  );
});
