import type { Parameters } from "../wire/parameters";

/** A filter by tags: every one must be there, with that value where one is given. */
export function tagFilter(
  parameters: Parameters,
): (tags: readonly { readonly key: string; readonly value: string }[]) => boolean {
  const wanted = parameters.tags();
  return (tags) =>
    wanted.every(({ Key, Value }) =>
      tags.some(({ key, value }) => key === Key && (Value === undefined || value === Value)),
    );
}

/** The tags of an ECS resource, as the filter takes them. */
export function ecsTags(tagged: {
  readonly Tags: { readonly Tag: readonly { readonly TagKey: string; readonly TagValue: string }[] };
}): { key: string; value: string }[] {
  return tagged.Tags.Tag.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }));
}

/** The tags of a VPC or a vSwitch, as the filter takes them. */
export function networkTags(tagged: {
  readonly Tags: { readonly Tag: readonly { readonly Key: string; readonly Value: string }[] };
}): { key: string; value: string }[] {
  return tagged.Tags.Tag.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

/**
 * A text in which an asterisk stands for any characters. The parts between asterisks are searched one behind the other: a
 * regular expression would try all combinations, which takes for ever with many asterisks.
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    const end = text.length - last.length;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of others) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= end;
  };
}
