/**
 * The phrases that comments, messages, test names and documents avoid, each with what to write instead: language rule 2 in
 * CONTRIBUTING.md. A blank in a pattern stands for any white space, so that a phrase may span lines.
 *
 * `example` is a text in which the pattern finds the phrase. `strings`: the phrase is one only at the start of a string.
 */
export const phrases = [
  // Actors without a name.
  {
    pattern: /\b(no|some|any|every)body\b/,
    write: "the actor: no resource, another client, the user",
    example: "nobody waits",
  },
  {
    pattern: /\bwhoever\b/,
    write: "the actor: the resource that …, the user who …",
    example: "for whoever looks closer",
  },
  { pattern: /\bwhose (is whose|the)\b/, write: "who owns …", example: "Whose the addresses are" },

  // Clauses as subjects.
  {
    pattern: /^["'`](what|who) /,
    write: "the noun that the clause describes: released addresses …, a waiting call …",
    example: "what another resource claims is kept",
    strings: true,
  },
  {
    // "What is missing is the default", but not "what is missing, and is assigned" or "what is on an ENI that is attached".
    pattern:
      /\bwhat (is|was|are|were|has|had|must|may|can|cannot|could|comes|goes)( (?!(and|or|that|which|who|when|while|if|where|as|but|what|to|than|because|so|how|whether|before|after|until|since|unless)\b)[\w'-]+){0,8}? (is|are|was|were|must|may|can|cannot|has|have|need|counts|stays|goes|waits|stands)\b/,
    write: "the noun that the clause describes, as the subject",
    example: "what is there counts",
  },
  {
    pattern: /\bwho waits\b|[.:;] who (may|wants|would|has) /,
    write: "the actor: a waiting call, a client without permission",
    example: "The gate closes: who waits waits on",
  },
  {
    pattern: /\bwhatever (is|was|are|has|had|can|may)\b/,
    write: "all …, every …, regardless of …",
    example: "whatever is true of the rest",
  },
  {
    pattern: /(^|[.;:]) whichever (comes|begins|is)\b/,
    write: "the noun that the clause describes",
    example: "Both run. Whichever comes late fails",
  },

  // Software as a person.
  { pattern: /\blet(s|ting)? go\b/, write: "unassign, release, drop", example: "the ENI lets go of it" },
  {
    pattern: /\bin (the|its|their|\w+'s) way\b(?! (that|in)\b)/,
    write: "blocks, conflicts with",
    example: "a claim stands in its way",
  },
  { pattern: /\bpromises? itself\b/, write: "expects, assumes", example: "the plan promises itself room" },
  { pattern: /\bgets? along\b/, write: "may share an ENI, are compatible", example: "they get along" },
  {
    pattern: /\bbears? the name\b/,
    write: "has the name",
    example: "the old one bears the name of the new one",
  },
  {
    pattern: /\bkeeps? none of\b/,
    write: "what is done for the others: assign the free addresses now",
    example: "keeps none of the others waiting",
  },
  { pattern: /\bis nothing to (it|them)\b/, write: "ignores", example: "the other kind is nothing to it" },
  {
    pattern: /\bbehind ((your|its|their|the \w+'s) back|the back)\b/,
    write: "outside the program, without the user's knowledge",
    example: "changed behind the program's back",
  },

  // Riddles for terms of the field.
  {
    pattern: /\bfor all that (is|was) known\b/,
    write: "as far as the last read shows",
    example: "for all that is known",
  },
  {
    pattern:
      /\b((may|must|need|can|could|might)( not)?|ha(ve|s)( still)? to) go\b(?! (on|to|into|through|back|by|with|wrong|in|out|ahead)\b)/,
    write: "be unassigned, be removed",
    example: "one of them would have to go",
  },
  { pattern: /\banew\b/, write: "again, from the start", example: "the wait begins anew" },
  { pattern: /\bha(s|ve) all to do\b/, write: "nothing done", example: "the next one has all to do" },
  {
    pattern: /\b(is|are|be|was|been) taken back\b/,
    write: "revert",
    example: "a takeover may be taken back",
  },
  {
    pattern: /\b(takes?|taken) away\b/,
    write: "unassign, remove",
    example: "its delete takes away the rest",
  },
  {
    pattern: /\b(is|are|be|was|been) found out\b/,
    write: "known after …, not checked in advance",
    example: "it is found out if it is wrong",
  },
  { pattern: /\bso many\b/, write: "the number of …, this many, n …", example: "so many addresses" },
  {
    pattern: /\bstand(s|ing)? beside\b/,
    write: "conflicts with; is next to",
    example: "it stands beside the list",
  },
  { pattern: /\bas a wish\b/, write: "as an input", example: "is refused as a wish" },
  {
    pattern: /\bas good as (any|none|nothing)\b/,
    write: "accepts; is treated as absent",
    example: "an empty list is as good as any",
  },
  { pattern: /(?<!encrypted )\bat rest\b/, write: "idempotent, unchanged", example: "at rest when done" },
];

/**
 * Folders (with a slash at the end) and files that the check leaves out, with the reason. An entry without a finding fails
 * the check: remove it.
 */
export const exceptions = {
  "tools/language/phrases.mjs": "the list itself",
  "tools/language/language.test.mjs": "its test",
};
