package sheet

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// WriteWorkbook writes rows as a workbook of one sheet. Whole numbers are written as
// numbers and all else as text: no cell is ever a formula.
func WriteWorkbook(w io.Writer, rows [][]string) (err error) {
	book := excelize.NewFile()
	defer func() {
		if e := book.Close(); err == nil {
			err = e
		}
	}()
	s, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for k, v := range row {
			cells[k] = v
			if n, err := strconv.ParseInt(v, 10, 64); err == nil && strconv.FormatInt(n, 10) == v {
				cells[k] = n
			}
		}
		if err := s.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return book.Write(w)
}
