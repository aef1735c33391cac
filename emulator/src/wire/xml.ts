import XMLBuilder from "fast-xml-builder";

/** What XML 1.0 cannot hold in any spelling; parameters that an error quotes may have it. */
// eslint-disable-next-line no-control-regex
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const builder = new XMLBuilder({
  cdataPropName: "cdata",
  tagValueProcessor: (_, value) => (typeof value === "string" ? value.replace(impossible, "\ufffd") : value),
});

/** A text that is written as it is, in a CDATA section. */
export const cdata = (text: string) => ({ cdata: text });

/** A document as the gateway writes it: a list is its tag repeated, and an empty one leaves the tag around it empty. */
export function xmlDocument(root: string, content: object): string {
  // A parser reads a bare carriage return as a line feed.
  return `<?xml version='1.0' encoding='UTF-8'?>${builder.build({ [root]: content }).replaceAll("\r", "&#13;")}`;
}
