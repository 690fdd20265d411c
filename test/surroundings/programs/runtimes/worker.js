/** For Workers, which have no file system. */
import { calls, clientOf } from "./calls.js";

export default {
  async test(_, { VIX_URL }) {
    console.log(JSON.stringify([...(await calls(clientOf(VIX_URL))), true, true]));
  },
};
