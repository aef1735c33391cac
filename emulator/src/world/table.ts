/** The keys by which an index finds a resource. */
type KeysOf<Resource> = (resource: Resource) => readonly (string | undefined)[];

/** Called after each change with the resource before and after it; undefined where it does not exist. */
type Watcher<Resource> = (id: string, before: Resource | undefined, after: Resource | undefined) => void;

/**
 * The resources of one kind by their ids, in the order in which they were added. A resource is never written to: a change
 * puts another object in its place, so that indexes follow and the earlier object stays valid.
 */
export class Table<Resource extends object, IndexName extends string = never> extends Map<string, Resource> {
  readonly #keysOf: Readonly<Record<IndexName, KeysOf<Resource>>>;
  readonly #indexes = new Map<IndexName, Map<string, Set<string>>>();
  readonly #watchers: Watcher<Resource>[] = [];
  #sortedIds: readonly string[] | undefined;

  constructor(keysOf: Readonly<Record<IndexName, KeysOf<Resource>>>) {
    super();
    this.#keysOf = keysOf;
  }

  override set(id: string, resource: Resource): this {
    const before = this.get(id);
    super.set(id, resource);
    if (!before) this.#sortedIds = undefined;
    this.#changed(id, before, resource);
    return this;
  }

  override delete(id: string): boolean {
    const before = this.get(id);
    if (!before) return false;
    super.delete(id);
    this.#sortedIds = undefined;
    this.#changed(id, before, undefined);
    return true;
  }

  override clear(): void {
    for (const id of [...this.keys()]) this.delete(id);
  }

  /** Puts a resource with other values of these fields in the place of the present one. */
  change(id: string, fields: Partial<Resource>): Resource {
    const before = this.get(id);
    if (!before) throw new Error(`there is no ${id} to change`);
    const after = { ...before, ...fields };
    this.set(id, after);
    return after;
  }

  /** The resources that an index has under a key. The first use of an index makes it. */
  where(name: IndexName, key: string): Resource[] {
    return [...this.#idsWhere(name, key)].map((id) => this.get(id) as Resource);
  }

  /** The first resource that an index has under a key. */
  firstWhere(name: IndexName, key: string): Resource | undefined {
    for (const id of this.#idsWhere(name, key)) return this.get(id);
    return undefined;
  }

  /** The number of resources that an index has under a key. */
  countWhere(name: IndexName, key: string): number {
    return this.#idsWhere(name, key).size;
  }

  /** The resources with these ids, each one once. */
  named(ids: Iterable<string>): Resource[] {
    return [...new Set(ids)].flatMap((id) => this.get(id) ?? []);
  }

  /** All resources in the order of their ids. The order is kept until an id is added or removed. */
  sorted(): Resource[] {
    this.#sortedIds ??= [...this.keys()].sort();
    return this.#sortedIds.map((id) => this.get(id) as Resource);
  }

  /** Calls the watcher after each later change. */
  watch(watcher: Watcher<Resource>): void {
    this.#watchers.push(watcher);
  }

  /** A table with the same resources. Changes of one table do not reach the other. */
  copy(): Table<Resource, IndexName> {
    const copy = new Table<Resource, IndexName>(this.#keysOf);
    for (const [id, resource] of this) copy.set(id, resource);
    copy.#sortedIds = this.#sortedIds;
    return copy;
  }

  #idsWhere(name: IndexName, key: string): ReadonlySet<string> {
    return this.#index(name).get(key) ?? none;
  }

  #index(name: IndexName): Map<string, Set<string>> {
    const present = this.#indexes.get(name);
    if (present) return present;
    const made = new Map<string, Set<string>>();
    this.#indexes.set(name, made);
    for (const [id, resource] of this) enter(made, this.#keysOf[name](resource), id);
    return made;
  }

  #changed(id: string, before: Resource | undefined, after: Resource | undefined): void {
    for (const [name, index] of this.#indexes) {
      const [left, entered] = [before, after].map((one) => (one ? this.#keysOf[name](one) : []));
      if (String(left) === String(entered)) continue;
      leave(index, left ?? [], id);
      enter(index, entered ?? [], id);
    }
    for (const watcher of this.#watchers) watcher(id, before, after);
  }
}

const none: ReadonlySet<string> = new Set();

function enter(index: Map<string, Set<string>>, keys: readonly (string | undefined)[], id: string): void {
  for (const key of keys) {
    if (key === undefined) continue;
    const ids = index.get(key);
    if (ids) ids.add(id);
    else index.set(key, new Set([id]));
  }
}

function leave(index: Map<string, Set<string>>, keys: readonly (string | undefined)[], id: string): void {
  for (const key of keys) {
    const ids = key === undefined ? undefined : index.get(key);
    if (key === undefined || !ids?.delete(id)) continue;
    if (ids.size === 0) index.delete(key);
  }
}
