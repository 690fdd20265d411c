/** Tools look for `//# sourceMappingURL=` by pattern, wherever it stands: its `s` is what gets changed. */
export const SOURCE_DIRECTIVE = /([#@]\s*)s(?=ource(?:Mapping)?URL)/gi;
