// Package csvtable reads tables of counts from CSV files and writes them again as they
// were, with other counts or with the symbol in the place of hidden ones.
//
// [Read] gives a [File]: the table for package sdc, and the rows it came from, so that
// [File.Write] gives back the same rows in the same order, byte for byte but for the
// counts. [ReadHierarchy] reads which codes are parts of which sub-totals, for
// [File.Apply]. What is wrong with a file is told with its row, and [sdc.Refused] says
// so of the error; other errors are the reader's own.
//
// A file has at most 256 MB, a million rows, 8 dimensions, and counts of up to 10¹².
package csvtable
