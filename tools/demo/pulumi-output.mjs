const resourceType = "pulumi-nodejs:dynamic/alicloud:";
const passing = / (?:creating|updating|deleting|refreshing|reading)\b/;

/**
 * What a person looks at in what `pulumi` printed: what became of each of our resources, its diagnostics, once each, and
 * the count of resources at the end.
 */
export function importantLines(output) {
  const outcomes = [];
  const diagnostics = new Set();
  let counts = [];
  let section = "";
  for (const line of output.split("\n")) {
    const words = line.trim();
    if (/^[A-Z][a-z]+:$/.test(line)) {
      section = line;
      if (section === "Resources:") counts = [];
    } else if (words === "") section = section === "Diagnostics:" ? section : "";
    else if (section === "Diagnostics:" && !isHeading(line)) diagnostics.add(words);
    else if (section === "Resources:") counts.push(words);
    else if (words.includes(resourceType) && /^[-+~]/.test(words) && !passing.test(words))
      outcomes.push(words.replace(resourceType, "").replace(/\s+/g, " "));
  }
  const total = counts.length > 0 ? [`Resources: ${counts.join(", ")}`] : [];
  return [...outcomes, ...diagnostics, ...total];
}

/** What a line says about the progress, if anything. */
export function progressOf(line) {
  const words = line.trim().replace(resourceType, "");
  return words.startsWith("@") ? "" : words;
}

/** Above the diagnostics of a resource stands its type and name. */
function isHeading(line) {
  return /^ {2}\S+ \(.+\):$/.test(line);
}
