/** The users of the stand-in, and how a request authenticates. */

export interface User {
  /** Sign-in name; also the `user_id` of tasks. */
  readonly id: string;
  readonly fullName: string;
  readonly email: string;
  readonly admin: boolean;
}

interface Account extends User {
  readonly password: string;
  /** Set by the server's environment instead of its database; other code of the server reads it. */
  readonly override: boolean;
}

/** A user of the stand-in: a password, or a password and more. */
export type UserSettings =
  | string
  | {
      readonly password: string;
      /** Default false. */
      readonly admin?: boolean;
      readonly fullName?: string;
      readonly email?: string;
    };

/** Everybody, while authentication is off. */
const NOBODY: User = {
  id: "admin",
  fullName: "John Doe",
  email: "admin@example.com",
  admin: true,
};

const OVERRIDE_SCHEME = "Basic ";

/** The result of checking credentials; with `"broken"` the real server fails. */
export type Identification = User | "refused" | "broken";

export class Users {
  readonly #accounts = new Map<string, Account>();

  /** @param auth undefined for no authentication, `"user:password"` for one admin, or users by name */
  constructor(auth: string | Readonly<Record<string, UserSettings>> | undefined) {
    if (auth === undefined) return;
    if (typeof auth === "string") {
      const colon = auth.indexOf(":");
      const id = auth.slice(0, colon);
      this.#accounts.set(id, {
        id,
        fullName: `Admin Override ${id}`,
        email: "",
        admin: true,
        password: auth.slice(colon + 1),
        override: true,
      });
      return;
    }
    for (const [id, settings] of Object.entries(auth)) {
      const { password, admin, fullName, email } =
        typeof settings === "string" ? { password: settings } : settings;
      this.#accounts.set(id, {
        id,
        fullName: fullName ?? id,
        email: email ?? `${id}@example.com`,
        admin: admin ?? false,
        password,
        override: false,
      });
    }
  }

  get needed(): boolean {
    return this.#accounts.size > 0;
  }

  /** The first admin, or the first user where there is none. */
  get first(): User {
    const all = [...this.#accounts.values()];
    return all.find(({ admin }) => admin) ?? all[0] ?? NOBODY;
  }

  /** The user of an `Authorization` header. Ignored while authentication is off. */
  identify(authorization: string | undefined): Identification {
    if (!this.needed) return NOBODY;
    if (authorization === undefined) return "refused";
    const space = authorization.indexOf(" ");
    const scheme = authorization.slice(0, space + 1);
    if (scheme.toLowerCase() !== "basic ") return "refused";
    const payload = authorization.slice(space + 1).trim();
    const bytes = Buffer.from(payload, "base64");
    const text = bytes.toString("utf8");
    const colon = text.indexOf(":");
    const account = colon === -1 ? undefined : this.#accounts.get(text.slice(0, colon));
    const hasOverride = [...this.#accounts.values()].some((one) => one.override);
    if (hasOverride && scheme === OVERRIDE_SCHEME && text.includes("\uFFFD")) return "broken";
    if (account?.password !== text.slice(colon + 1)) return "refused";
    if (account.override) return scheme === OVERRIDE_SCHEME ? account : "refused";
    // Names and passwords kept in the database are read as ASCII.
    return bytes.every((byte) => byte < 128) ? account : "refused";
  }
}
