package sheet

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ReadBool reads a yes or a no in any of the forms that programs and people write
// them, and -1 as Access does; anything else is known to be neither.
func ReadBool(cell string) (yes, known bool) {
	switch strings.ToLower(strings.TrimRight(cell, ".")) {
	case "y", "yes", "true", "t", "1", "1.0", "-1", "-1.0", "x", "✓", "✔", "☑", "✅", "tick", "ticked", "checked":
		return true, true
	case "n", "no", "false", "f", "0", "0.0", "✗", "✘", "☐", "❌", "unticked", "unchecked":
		return false, true
	}
	return false, false
}

const midnight = "00:00"

var (
	clockOfDay = regexp.MustCompile(`^(\d{1,2})[:.](\d{2})(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?([ap])\.?m?\.?)?$`)
	hourOfDay  = regexp.MustCompile(`^(\d{1,2}) ?([ap])\.?m\.?$`)
	fourDigits = regexp.MustCompile(`^(\d{2})(\d{2})(?:hrs?|h)?$`)
)

// ReadTime reads a time of day and gives it as 15:04: 09:30, 9.30am, 9:30 pm,
// 0930, 9am, midday, noon, midnight, and the part of a day by which a spreadsheet
// keeps it.
func ReadTime(cell string) (string, error) {
	s := strings.Join(strings.Fields(strings.ToLower(cell)), " ")
	hour, minute, half := -1, 0, ""
	switch s {
	case "midday", "noon", "12 noon", "12 midday", "12noon":
		return "12:00", nil
	case "midnight", "12 midnight":
		return midnight, nil
	}
	if m := clockOfDay.FindStringSubmatch(s); m != nil {
		hour, minute, half = digits(m[1]), digits(m[2]), m[3]
	} else if m := hourOfDay.FindStringSubmatch(s); m != nil {
		hour, half = digits(m[1]), m[2]
	} else if m := fourDigits.FindStringSubmatch(s); m != nil {
		hour, minute = digits(m[1]), digits(m[2])
	}
	if part, err := strconv.ParseFloat(s, 64); err == nil && part > 0 && part < 1 {
		minutes := int(part*24*60 + 0.5)
		hour, minute, half = minutes/60, minutes%60, ""
	}
	switch {
	case half != "" && (hour < 1 || hour > 12) && !(half == "p" && hour < 24 && hour > 12):
		hour = -1 // 13am is no time; 13:30 pm is said twice over
	case half == "p" && hour < 12:
		hour += 12
	case half == "a" && hour == 12:
		hour = 0
	}
	if hour < 0 || hour > 23 || minute > 59 {
		return "", errors.New("this is not a time of day such as 09:30 or 2pm")
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), nil
}

var ageInWords = regexp.MustCompile(`^(\d{1,3}) ?(years?|yrs?|yr|y|months?|mths?|mos?|m|weeks?|wks?|w|days?|d)(?: old)?` +
	`(?:[ ,]*(?:and )?\d{1,2} ?(?:months?|mths?|mos?|m|weeks?|wks?|w|days?|d))?(?: old)?$`)

// ReadAge reads an age in whole years: 5, 5.0, 5 years, 5y 3m, 18 months, under 1.
func ReadAge(cell string) (years int, err error) {
	s := strings.Join(strings.Fields(strings.ToLower(cell)), " ")
	wrong := errors.New("this is not an age such as 5, 5 years or 18 months")
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if !(f >= 0 && f <= oldest) {
			return 0, wrong
		}
		return int(f), nil
	}
	switch strings.TrimSuffix(s, " year") {
	case "under 1", "under one", "less than 1", "less than one", "<1", "< 1", "newborn":
		return 0, nil
	}
	m := ageInWords.FindStringSubmatch(s)
	if m == nil || digits(m[1]) > oldest {
		return 0, wrong
	}
	switch m[2][0] {
	case 'y':
		return digits(m[1]), nil
	case 'm':
		return digits(m[1]) / mostMonths, nil
	case 'w':
		return digits(m[1]) / weeksOfYear, nil
	}
	return 0, nil // days, which are at most oldest of them
}

// The most years that a person lives, and the weeks of a year.
const oldest, weeksOfYear = 120, 52

var (
	spelledDuration = regexp.MustCompile(`^(?:(\d+(?:\.\d+)?) ?(?:hours?|hrs?|h)\.?)?[ ,]*(?:and )?` +
		`(?:(\d+(?:\.\d+)?) ?(?:minutes?|mins?|m)\.?)?[ ,]*(?:and )?(?:(\d+(?:\.\d+)?) ?(?:seconds?|secs?|s)\.?)?$`)
	clockDuration = regexp.MustCompile(`^(\d{1,3}):([0-5]\d):([0-5]\d)$`)
)

// longestDuration is how long anything measured here may last: what is beyond it is
// another sort of number.
const longestDuration = 1000 * time.Hour

// ReadDuration reads how long something lasted: 1h 5m 3s, 1 hr 5 min, 65 minutes,
// PT1H5M3S, 01:05:03. A number alone is of the unit that its column says; with none,
// and for 1:05, which may be of hours or of minutes, there is an error.
func ReadDuration(cell string, unit time.Duration) (time.Duration, error) {
	wrong := errors.New("this is not a duration such as 1h 5m 3s or 65 minutes")
	s := strings.Join(strings.Fields(strings.ToLower(cell)), " ")
	var hours, minutes, seconds float64
	if n, err := strconv.ParseFloat(s, 64); err == nil && unit > 0 && digits(strings.Replace(s, ".", "", 1)) >= 0 {
		seconds = n * unit.Seconds()
	} else if m := clockDuration.FindStringSubmatch(s); m != nil {
		hours, minutes, seconds = float64(digits(m[1])), float64(digits(m[2])), float64(digits(m[3]))
	} else if m := spelledDuration.FindStringSubmatch(strings.TrimPrefix(s, "pt")); m != nil && m[1]+m[2]+m[3] != "" {
		for i, to := range []*float64{&hours, &minutes, &seconds} {
			*to, _ = strconv.ParseFloat("0"+m[i+1], 64) // digits, as the pattern says
		}
	} else {
		return 0, wrong
	}
	seconds += 60*minutes + 3600*hours
	if !(seconds <= longestDuration.Seconds()) {
		return 0, wrong
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second), nil
}
