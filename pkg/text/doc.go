// Package text turns a post into tokens and back without loss, in any language, and measures it as
// the networks do.
//
// [Normalise] brings text into the one form that everything else works on. [Split] cuts that form
// into tokens and [Join] puts them together again: Join(Split(s)) == Normalise(s) for every string
// s. Where speed counts, use [AppendNormal] and a [Splitter], which do not allocate.
//
// # Tokens
//
// A [Token] is an atom and the gap before it, which is white space. An atom is never empty and
// never contains white space. Atoms are the words of UAX #29 (Unicode 17), with these differences:
//
//   - Kept whole: links, also bare domains (example.com, and the accident in the end.So), and
//     e-mail addresses; @names, @names@hosts and @domains; #tags and $CASH by X's rules; emoticons
//     and faces; numbers with their inner . , : / and a sign of percent, degree or currency beside
//     them (10:30, 24/7, 50%, 20€, $5); abbreviations of single letters (U.S., e.g.); the numbers
//     of a list, 1) and a); runs of one mark (..., --) and any mixture of ! and ?.
//   - Cut: after an elided article, pronoun or conjunction of French, Italian or Catalan (l'été,
//     qu'il, dell'arte), but not in aujourd'hui, don't or O'Neill; before http:// inside a word; at
//     white space that UAX #29 counts as part of a word (U+202F); and after [MaxAtom] bytes.
//   - Thai, Lao, Khmer, Burmese and their neighbours are written without spaces, and UAX #29 leaves
//     them to dictionaries: there each grapheme cluster is an atom.
//   - Not a difference, but worth knowing: each Han or Hiragana character is an atom, and so is a
//     run of Katakana, a Korean word, and an emoji sequence (family, flag, skin tone, keycap).
//     Contexts in Japanese and Chinese are therefore short: a model needs a higher order there than
//     for languages with spaces.
//
// Where the package has no rule of its own, it cuts by the tables of UAX #29. The alphabets of most
// posts take a fast path without tables, which is several times as fast and agrees with them (and
// is tested to).
//
// Brackets and double quotes are atoms of their own, so that a generator can balance them; see
// [Bracket].
package text
