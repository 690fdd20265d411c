/** Tools search for `//# sourceMappingURL=` anywhere by pattern, so its `s` is replaced. */
export const SOURCE_DIRECTIVE = /([#@]\s*)s(?=ource(?:Mapping)?URL)/gi;
