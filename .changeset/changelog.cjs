// Lines of the changelogs: the words of a changeset, without commit ids.
module.exports = {
  getReleaseLine: async ({ summary }) => `- ${summary.trim().replace(/\n/g, "\n  ")}`,
  getDependencyReleaseLine: async (_changesets, dependencies) =>
    dependencies.map(({ name, newVersion }) => `- Needs ${name} ${newVersion}`).join("\n"),
};
