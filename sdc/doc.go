// Package sdc protects tables of counts about people, and shows that they are
// protected. It hides or rounds what must be, and then attacks what would be
// printed, as a reader would, exactly. What it cannot show to be safe it calls not
// safe.
//
// It needs nothing but the standard library, opens no file by itself (it reads and
// writes what it is given), and knows nothing of the program it is part of. Files of
// tables are read by package sdc/csvtable, and the exact arithmetic that decides is in
// sdc/internal/exact, which knows nothing of tables.
//
// # What can go wrong
//
// A count of three in a small place may be three children whom somebody knows. So
// publishers print a symbol in its place, here [c]. That is not enough.
//
// Subtraction. The hidden count is what is left of the total, 3:
//
//	age     count
//	0-4       [c]
//	5-9        12
//	10-15      20
//	Total      35
//
// Two hidden counts in every line, as it is done by hand in spreadsheets, are not
// enough either:
//
//	        0-4   5-9  10-14  15-17  Total
//	North   [c]   [c]    [c]     21     35
//	South   [c]    18    [c]     14     40
//	East     17   [c]     12    [c]     43
//	West     25   [c]     19    [c]     56
//	Total    52    34     40     48    174
//
// The hidden counts of North and South come to 22 together. Those of the columns
// 0-4 and 10-14, which are all in North and South, come to 19. What is over, 3, is
// North at 5-9.
//
// The reader knows the rule. Here a zero would have been printed, so each hidden
// count is at least 1, and all four are known: 1 and 1, and then 11 and 9. Who
// counts from 0 upward, as a quick check does, would have called none of them
// certain.
//
//	        Girls  Boys  Total
//	North     [c]   [c]      2
//	South     [c]   [c]     20
//	Total      12    10     22
//
// Several tables. None of these counts is small, and both tables together say that
// there is one girl aged 5 to 9:
//
//	age     everybody   boys
//	0-4            40     20
//	5-9            21     20
//	10-15          30     15
//	Total          91     55
//
// Earlier releases. The same, when one of the two tables came out a year ago. And
// where open cases and those started, less those ended, are the cases open a year
// later, three tables give back what the fourth hides.
//
// Percentages. Beside a hidden count, 6 % of 50 children is 3 children. Whole per
// cents give back every hidden count from 1 to 5 for every denominator from 5 to
// 109; one decimal place does so up to 1,090.
//
// Rounding. Four counts of 2 are each rounded to the nearest 5, and so is their
// total of 8:
//
//	area    count
//	North       0
//	South       0
//	East        0
//	West        0
//	Total      10
//
// Each count is at most 2 and the total at least 8, so each is 2. And rules that
// are each sound can fail together: with 1 to 5 hidden and the rest rounded to 5, a
// printed 5 can be 6 or 7 only. A [Profile] with these numbers is refused.
//
// The examples below work each of these tables out.
//
// # Words of the field
//
//   - Primary suppression hides a count for its own sake, mostly because it is at
//     most the threshold. See [Rule] for the other reasons.
//   - Secondary suppression hides others so that a primary one cannot be worked
//     out. The symbol is the same.
//   - A marginal total is a sum of counts along one or more dimensions. The grand
//     total is the sum of all.
//   - Linked tables have counts in common, or counts that add up to one another.
//   - The feasibility interval of a hidden count is all that a reader can work out
//     of it: the least and the greatest number that it can be.
//   - The protection interval is how wide that must be.
//   - Controlled rounding rounds counts so that totals stay the sums of their parts.
//
// # The rule of protection
//
// A profile asks for an interval of at least Values whole numbers. A hidden count
// stands when
//
//   - its interval holds at least so many, and
//   - if it can be small at all (at most the threshold), it can be as small as any
//     hidden count: 1 where zeros are shown, else 0. A hidden total can be as small
//     as the number of its lowest parts that are not none, since everybody sees
//     which those are. (Linked tables and identities can make that number greater.)
//
// So a reader with that knowledge learns of a small count no more than the symbol,
// and the zeros around it, say themselves (Limits, below, has one who knows more); and
// a greater one that is hidden for another's sake is only known roughly. In the second
// table above, North at 0-4 can be 3 to 9. That is wide enough, but it can be small and
// it cannot be 1 or 2: it does not stand.
//
// A count that is not printed at all (the girls above), or only printed rounded,
// must not be known to be one of a few small numbers. It stands when its interval is
// as wide, or when it lies above all that is small, or is none.
//
// The judgement looks only at what is printed, at the profile, at what was released
// before, and at what everybody knows, such as that a table has all ages. It never
// looks at a true count. Were it otherwise, to be told
// that a table is safe would itself tell something. Anybody can therefore run it
// again on the printed tables, with the same result.
//
// # Attackers
//
// A [Knowledge] says what the reader knows. Each knows all that the one before does.
//
//	K0  counts are whole numbers and never below 0
//	K1  zeros are shown, so that a hidden count is at least 1
//	K2  the profile: its threshold, and that nothing is hidden without need, so that
//	    hidden counts that no sum connects to others have a small one among them
//	K3  everything released before: the ledger
//	K4  the inside of one small cell, such as the one child who is in it
//	K5  percentages, rates, averages and charts, given as facts
//
// The usual one is K2, or K3 where there is a ledger; and where a release has facts
// he sees these too, without the inside of a cell. To stand against K4 more must
// be hidden: where two hidden counts are all that is left of a printed total, the
// one child in the first always knows the second.
//
// # How the pieces fit
//
// A [Release] is put together with the ledger into one set of quantities: every
// count that is printed, was printed, or follows from such. A count that stands in
// several tables is one quantity. Equations tie them: each total is the sum of its
// parts, in every table; identities; and facts such as percentages. What a reader
// knows of a quantity by itself is a least and a greatest number.
//
// The primary rules mark what is small. The suppressor then looks for the cheapest
// further counts to hide. That search is a heuristic, and nothing rests on it: it
// tries shortest paths where the equations form a network, else boxes of counts in
// each table, and linear programming where the problem is small or no box will do.
// In small problems several attempts are made. Each is mended until it stands, and
// what it hides in vain is shown again; the cheapest is kept.
//
// The auditor decides. For every hidden count it finds the least and greatest whole
// number, exactly: by integer flow where every quantity is in at most two equations
// (a table of two dimensions, one of which may have sub-totals), otherwise by a simplex
// method over whole numbers that grow as long as they must, with branch and bound
// for fractions. No floating point is used. It fails closed: an audit that runs out
// of budget or time says so and does not stand, and a result is Safe only after an
// audit of the very tables that would be printed.
//
// Quantities are put in an order of their own first, so that to sort rows otherwise
// or to rename codes changes no verdict and, but for true twins, no choice.
//
// # How to use it
//
// Package csvtable reads a table from a file, or make a [Table] of [Cell] values. [ProfileNamed] gives
// one of the built-in rules (dfe, nhs, round5, threshold10), [ParseProfile] one from
// JSON. [Protect] hides what must be hidden: the result is Safe or it is not, and
// then a Suggestion says what would help, such as two categories to merge. Only
// Released may be printed; Decisions say why each count is hidden and are for the
// publisher alone. [Attack] judges a release as it is printed, anybody's. [Round]
// rounds instead of hiding, [AttackRounded] judges that, and [Compare] says what
// each costs in information.
//
// A [Ledger] is everything released before. Give it to Protect in [Options], and
// append what was released: [Ledger.Append] what was hidden, [Ledger.AppendRounded] what
// was rounded. Rounding is judged with all that came before. Hiding counts that were
// released rounded is not proved to be safe, and is refused by an [EarlierRounding]. The
// file of a ledger is added to only; each line holds the hash of the line before. It
// keeps what was printed and never what is hidden.
//
// A count of the lowest codes for which a table has no cell is a count of none; a
// total for which it has none is not printed. Name populations (what is counted,
// and when): counts with the same population and the same codes are taken to be
// the same count.
//
// Percentages are best made with [Profile.Ratio] from released counts: they then
// tell nothing new. Others go into the release as facts ([Ratio.Facts],
// [Ratio.FactOver], [BarFact]); the usual reader then sees them as well.
//
// # Limits
//
// What is promised is an interval under the knowledge that was named. That is not
// everything.
//
//   - A reader who replays this very program can come closer than the audit says.
//     [Replay] is that reader: it protects every set of counts that can be behind
//     a small printed table, and rules out those that come out otherwise. Protect
//     looks for that in tables of up to 40 cells with up to 3,000 such sets, and
//     where a hidden count would be known exactly it hides nearly everything
//     (Coarse). In a trial of 120 random tables of 2 × 2, 3 × 2 and 3 × 3 counts from
//     1 to 12 with their totals, under the profile dfe, no hidden count of 645 was
//     then known exactly; 123 were known closer than the audit says, and 64 closer
//     than the profile allows to a reader who does not replay. (TestReplayIsNoWider
//     does it again.) It has to know what hiding costs, where you set costs of your
//     own.
//   - An interval is judged by its ends. There can be numbers within it that the
//     count cannot be, and some can be likelier than others.
//   - Only what the program is told is judged: tables of other publishers, a sentence
//     in a report, a chart, an answer to a question are known to it only as entries
//     of the ledger, as tables, or as facts.
//   - K4 is one person with one cell. Families, or several agencies that put their
//     cells together, are not looked at.
//   - Dense tables of three or more dimensions, and many linked tables, can use up
//     the budget. They are then not safe, whatever else might be found with more.
//   - The number of hidden counts is not proved to be the least.
//   - A release cannot take back what an earlier one gave away. It is only asked not
//     to add to it.
//
// # Speed
//
// Seen on 23 November 2026 with Go 1.26.8 on two cores and 24 GiB, by "make bench":
//
//	one table of 60 × 24 counts, protected and audited         65 ms
//	the same, attacked as printed                               8 ms
//	the same, rounded to 5 with totals that add up, audited    57 ms
//	one table of 6 × 4 × 5 counts, protected and audited      950 ms
//	200 tables, 9,770 counts, with a ledger of five years      9.8 s, 355 MB
//	counts hidden on the bench set, against the least that
//	any set must hide (59 tables, found by cbc)               1.064 times
//
// A table of 300 × 60 took 5.9 s and one of 1,000 × 100 took 3 min 43 s, each once,
// with kith protect. Dense tables of three and more dimensions are slow: 10 × 8 × 6
// took about 20 s.
//
// # Sources
//
// Cox (1980, 1995) on cell suppression and on networks for it. Fischetti and Salazar
// (2000) on suppression with any linear equations and on finding the best. De Wolf
// (2002) on tables with hierarchies. Langsrud (2024, GaussSuppression) on suppression
// by Gaussian elimination. Rules of publishers: the Department for Education's data
// guidance for children in need (2020, 2021), NHS Digital's change note on hospital
// statistics (2018), OpenSAFELY's documentation on disclosure control (2026), ACRO's
// default rules, and the Government Analysis Function on symbols. The built-in
// profiles name theirs, and docs/adr/0008-disclosure-control.md says what was
// chosen and what was not.
package sdc
