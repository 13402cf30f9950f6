package lang_test

import (
	"testing"
	"time"

	"kith/internal/kit/lang"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, got, want string }{
		{"nought", lang.Number(0), "0"},
		{"hundreds", lang.Number(956), "956"},
		{"thousands", lang.Number(24312), "24,312"},
		{"millions below nought", lang.Number(-1234567), "-1,234,567"},
		{"decimal", lang.Decimal(1234.25, 1), "1,234.3"},
		{"decimal without places", lang.Decimal(999.5, 0), "1,000"},
		{"decimal that rounds to nought has no sign", lang.Decimal(-0.04, 1), "0.0"},
		{"decimal below nought", lang.Decimal(-2.35, 1), "-2.4"},
		{"a third", lang.Percent(1, 3), "33%"},
		{"half rounds up", lang.Percent(1, 200), "1%"},
		{"all", lang.Percent(7, 7), "100%"},
		{"share of nothing", lang.Percent(0, 0), "not applicable"},
		{"pounds", lang.Money(120000), "£1,200"},
		{"pence", lang.Money(1205), "£12.05"},
		{"owed", lang.Money(-50), "-£0.50"},
		{"bytes", lang.Bytes(1), "1 byte"},
		{"kilobytes", lang.Bytes(14 << 10), "14 KB"},
		{"megabytes", lang.Bytes(5 << 19), "2.5 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, got, want string }{
		{"one place", lang.Plural(1, "place", "places"), "1 place"},
		{"no places", lang.Plural(0, "place", "places"), "0 places"},
		{"many places", lang.Plural(1200, "place", "places"), "1,200 places"},
		{"noun alone", lang.Noun(2, "child", "children"), "children"},
		{"empty list", lang.Join(nil), ""},
		{"list of one", lang.Join([]string{"police"}), "police"},
		{"list of two", lang.Join([]string{"police", "health"}), "police and health"},
		{"list of three", lang.Join([]string{"police", "health", "schools"}), "police, health and schools"},
		{"choice", lang.JoinOr([]string{".csv", ".xlsx"}), ".csv or .xlsx"},
		{"first", lang.Ordinal(1), "1st"},
		{"second", lang.Ordinal(22), "22nd"},
		{"third", lang.Ordinal(103), "103rd"},
		{"teens", lang.Ordinal(111), "111th"},
		{"twelfth", lang.Ordinal(12), "12th"},
		{"zero", lang.Words(0), "zero"},
		{"ten", lang.Words(10), "ten"},
		{"eleven", lang.Words(11), "11"},
		{"below nought", lang.Words(-1), "-1"},
		{"sentence", lang.Sentence("élan vital"), "Élan vital"},
		{"empty sentence", lang.Sentence(""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	summer := time.Date(2024, 6, 30, 23, 30, 0, 0, time.UTC) // half past midnight on 1 July in London
	winter := time.Date(2024, 3, 1, 14, 0, 0, 0, time.UTC)
	tests := []struct{ name, got, want string }{
		{"no date", lang.Date(nil), ""},
		{"no time behind a pointer", lang.Date((*time.Time)(nil)), ""},
		{"time behind a pointer", lang.Date(&summer), "1 July 2024"},
		{"zero date", lang.Date(time.Time{}), ""},
		{"date", lang.Date(winter), "1 March 2024"},
		{"date by London's clock", lang.Date(summer), "1 July 2024"},
		{"short date", lang.ShortDate(winter), "1 Mar 2024"},
		{"day", lang.Day(winter), "Friday 1 March 2024"},
		{"moment", lang.DateTime(summer), "1 July 2024 at 12.30am"},
		{"zero moment", lang.DateTime(time.Time{}), ""},
		{"on the hour", lang.Clock(winter), "2pm"},
		{"midday", lang.Clock(time.Date(2024, 1, 2, 12, 0, 0, 0, time.UTC)), "midday"},
		{"midnight", lang.Clock(time.Date(2024, 6, 1, 23, 0, 0, 0, time.UTC)), "midnight"},
		{"no clock", lang.Clock(time.Time{}), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Multi-agency": "multi-agency", " MULTI  agency ": "multi-agency", "Schools & colleges": "schools-colleges",
		"--2024/25--": "2024-25", "Children’s homes": "children-s-homes", "…": "", "": "",
	} {
		if got := lang.Slug(in); got != want || lang.Slug(got) != got {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
