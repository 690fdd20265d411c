/** The server's settings, some of which only admins may see, and the settings of each user. */

interface GlobalSetting {
  readonly value: string;
  readonly sensitive: boolean;
}

/** Whose settings are read. */
export interface Reader {
  readonly id: string;
  readonly admin: boolean;
}

export type Scope = "global" | "user" | "both";

export class Settings {
  readonly #global = new Map<string, GlobalSetting>();
  readonly #users = new Map<string, Map<string, string>>();

  /** All settings that the reader may see; a user's own settings override the server's. */
  read(reader: Reader, scope: Scope): ReadonlyMap<string, string> {
    const seen = [...this.#global].filter(([, { sensitive }]) => reader.admin || !sensitive);
    const global = seen.map(([key, { value }]): [string, string] => [key, value]);
    const own = this.#users.get(reader.id) ?? [];
    return new Map([...(scope === "user" ? [] : global), ...(scope === "global" ? [] : own)]);
  }

  /** The value that the server itself uses. */
  effective(user: string, key: string): string | undefined {
    return this.#users.get(user)?.get(key) ?? this.#global.get(key)?.value;
  }

  /** An empty value deletes the setting. */
  setGlobal(key: string, setting: GlobalSetting): void {
    if (setting.value === "") this.#global.delete(key);
    else this.#global.set(key, setting);
  }

  /** An empty value deletes the setting. */
  setOwn(user: string, key: string, value: string): void {
    let own = this.#users.get(user);
    if (own === undefined) this.#users.set(user, (own = new Map<string, string>()));
    if (value === "") own.delete(key);
    else own.set(key, value);
  }
}
