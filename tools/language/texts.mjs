/**
 * The texts of a file that a person reads, each with its offset in the file. Comments and strings of programs are found
 * with TypeScript's own parser, so that identifiers, regular expressions and module names are left out.
 */
import ts from "typescript";

const programs = /\.[cm]?[jt]s$/;
const plainTexts = /\.(md|ya?ml|py|go|sh|html|css)$/;

export function isRead(file) {
  return programs.test(file) || plainTexts.test(file);
}

/** Markers of comments and line breaks become blanks of the same length: a phrase may span lines, offsets stay right. */
export function textsOf(file, content) {
  if (!programs.test(file)) return [{ offset: 0, text: content }];
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const texts = [];
  visit(source);
  return texts;

  function visit(node) {
    if (ts.isJSDoc(node)) return;
    if (ts.isTemplateExpression(node)) texts.push(templateText(node, source, content));
    else if (isText(node)) texts.push({ offset: node.getStart(source), text: node.getText(source) });
    const children = node.getChildren(source);
    if (children.length === 0) addComments(node);
    else children.forEach(visit);
  }

  function addComments(token) {
    const text = content.slice(token.pos, token.getStart(source));
    if (/\S/.test(text)) texts.push({ offset: token.pos, text: withoutMarkers(text) });
  }
}

function isText(node) {
  if (ts.isNoSubstitutionTemplateLiteral(node)) return true;
  return (
    ts.isStringLiteral(node) && !ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent)
  );
}

/** A template as one text, its expressions as dots: the strings within them are texts of their own. */
function templateText(node, source, content) {
  const offset = node.getStart(source);
  let text = content.slice(offset, node.end);
  for (const { expression } of node.templateSpans) {
    const [start, end] = [expression.pos - offset, expression.end - offset];
    text = text.slice(0, start) + ".".repeat(end - start) + text.slice(end);
  }
  return { offset, text };
}

function withoutMarkers(comment) {
  return comment.replaceAll(/\/\/|\/\*+|\*+\/|^[ \t]*\*+\/?/gm, (marker) => " ".repeat(marker.length));
}
