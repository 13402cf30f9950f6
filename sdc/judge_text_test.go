package sdc

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// judgeText writes two copies of each block, one for the greatest and one for the
// least value of its unknown. Columns are named by the order in which the text
// mentions them, from x1 on, as glpsol numbers them; the second result is the place
// of each in that order, from 0 on.
func judgeText(blocks []*judgeBlock) ([]byte, []int) {
	var goal, rows, bounds, whole bytes.Buffer
	total := 0
	for _, b := range blocks {
		total += 2 * len(b.part.low)
	}
	order := make([]int, total)
	mentioned := 0
	column := func(x int) string {
		if order[x] == 0 {
			mentioned++
			order[x] = mentioned
		}
		return "x" + strconv.Itoa(order[x])
	}
	from := 0
	for _, b := range blocks {
		fmt.Fprintf(&goal, " + %s - %s\n", column(from+b.v), column(from+len(b.part.low)+b.v))
		from += 2 * len(b.part.low)
	}
	from = 0
	number := 0
	for _, b := range blocks {
		for range 2 {
			for _, r := range b.part.rows {
				judgeRowText(&rows, &number, r, func(v int) string { return column(from + v) })
			}
			for x := range b.part.low {
				fmt.Fprintf(&bounds, " %d <= %s <= %d\n", b.part.low[x], column(from+x), b.part.high[x])
				fmt.Fprintf(&whole, " %s\n", column(from+x))
			}
			from += len(b.part.low)
		}
	}
	for x := range order {
		order[x]--
	}
	text := fmt.Appendf(nil, "Maximize\n goal:%sSubject To\n%sBounds\n%sGenerals\n%sEnd\n",
		goal.Bytes(), rows.Bytes(), bounds.Bytes(), whole.Bytes())
	return text, order
}

func judgeRowText(w *bytes.Buffer, number *int, r judgeRow, column func(int) string) {
	line := func(sign string, side int64) {
		fmt.Fprintf(w, " r%d:", *number)
		*number++
		for i, v := range r.vars {
			fmt.Fprintf(w, " %+d %s\n", r.coefs[i], column(v))
		}
		fmt.Fprintf(w, "  %s %d\n", sign, side)
	}
	switch {
	case r.low == r.high:
		line("=", r.low)
	case r.high == judgeOpen:
		line(">=", r.low)
	default:
		line(">=", r.low)
		line("<=", r.high)
	}
}

// readGlpsol reads a solution as written by glpsol -w: "s bas rows columns primal
// dual value", then a line "j column status value dual" for each column; or for
// whole numbers "s mip rows columns status value" and lines "j column value".
func readGlpsol(solution []byte, columns int) ([]float64, error) {
	values := make([]float64, columns)
	found := 0
	lines := bufio.NewScanner(bytes.NewReader(solution))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		switch {
		case len(f) > 5 && f[0] == "s":
			if f[4] == "n" || f[4] == "i" || f[4] == "u" {
				return nil, nil
			}
			if f[1] == "bas" && (f[4] != "f" || f[5] != "f") || f[1] == "mip" && f[4] != "o" {
				return nil, fmt.Errorf("no optimum: %s", lines.Text())
			}
		case len(f) == 3 && f[0] == "j", len(f) == 5 && f[0] == "j":
			j, err := strconv.Atoi(f[1])
			if err != nil || j < 1 || j > columns {
				return nil, fmt.Errorf("a line that is not a column: %s", lines.Text())
			}
			if values[j-1], err = strconv.ParseFloat(f[max(2, len(f)-2)], 64); err != nil {
				return nil, err
			}
			found++
		}
	}
	if found != columns {
		return nil, fmt.Errorf("%d columns where %d were asked", found, columns)
	}
	return values, lines.Err()
}

// readCbc reads a solution as written by cbc: a line that starts with the status,
// then a line "number name value cost" for each row and column; "**" goes before
// one that is outside its bounds by more than cbc's tolerance.
func readCbc(solution []byte, columns int) ([]float64, error) {
	text := string(solution)
	switch {
	case strings.HasPrefix(text, "Infeasible"), strings.HasPrefix(text, "Integer infeasible"):
		return nil, nil
	case !strings.HasPrefix(text, "Optimal - objective value"):
		return nil, fmt.Errorf("no optimum: %.60s", text)
	}
	values := make([]float64, columns)
	found := 0
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		f := strings.Fields(strings.TrimPrefix(lines.Text(), "**"))
		if len(f) != 4 || f[1][0] != 'x' {
			continue
		}
		j, err := strconv.Atoi(f[1][1:])
		if err != nil || j < 1 || j > columns {
			return nil, fmt.Errorf("a line that is not a column: %s", lines.Text())
		}
		if values[j-1], err = strconv.ParseFloat(f[2], 64); err != nil {
			return nil, err
		}
		found++
	}
	if found != columns {
		return nil, fmt.Errorf("%d columns where %d were asked", found, columns)
	}
	return values, lines.Err()
}
