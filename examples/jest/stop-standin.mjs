export default () => globalThis.standin.close();
