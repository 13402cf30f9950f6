package exact

import (
	"context"
	"errors"
	"fmt"
)

// A Meter counts work against a budget, so that every run ends, and looks at the
// context now and then.
type Meter struct {
	ctx       context.Context
	all, left int64
	check     int64
	watch     func(spent, budget int64)
}

// NewMeter gives a meter with so many units to spend, until the context ends.
func NewMeter(ctx context.Context, budget int64) *Meter {
	return &Meter{ctx: ctx, all: budget, left: budget}
}

// Watch has f called now and then while there is work, with what is spent by then.
func (m *Meter) Watch(f func(spent, budget int64)) { m.watch = f }

// Budget is what there was to spend at the start.
func (m *Meter) Budget() int64 { return m.all }

// Left is what there is still to spend; below 0 when it was not enough.
func (m *Meter) Left() int64 { return m.left }

// Cancelled says whether the context has ended.
func (m *Meter) Cancelled() bool { return m.ctx.Err() != nil }

// Owe takes n units of work that is done already. Whether that was too much is seen
// when more is spent.
func (m *Meter) Owe(n int) { m.left -= int64(n) }

// Spend takes n units of work, about one arithmetic operation each. Its error
// wraps ErrStopped.
func (m *Meter) Spend(n int) error {
	m.left -= int64(n)
	m.check += int64(n)
	if m.left < 0 {
		return fmt.Errorf("%w: the budget of work is used up", ErrStopped)
	}
	if m.check > 1<<16 {
		m.check = 0
		if m.watch != nil {
			m.watch(m.all-m.left, m.all)
		}
		if err := m.ctx.Err(); err != nil {
			return fmt.Errorf("%w: %w", ErrStopped, err)
		}
	}
	return nil
}

// ErrTooDear is returned by Within when the work it was allowed was not enough.
var ErrTooDear = errors.New("too dear to find out")

// Within lets f spend at most n of the budget. It is for questions whose answer
// helps and is not needed: when the work was not enough the error is ErrTooDear,
// and ErrStopped only when the whole budget is used up or the context has ended.
func (m *Meter) Within(n int64, f func(m *Meter) error) error {
	part := &Meter{ctx: m.ctx, all: n, left: min(n, m.left)}
	err := f(part)
	used := min(n, m.left) - max(part.left, 0)
	if spent := m.Spend(int(used)); spent != nil {
		return spent
	}
	if errors.Is(err, ErrStopped) && m.ctx.Err() == nil {
		return ErrTooDear
	}
	return err
}

// Share lets f spend one part of so many of what is left of the budget.
func (m *Meter) Share(parts int64, f func(*Meter) error) error {
	own := NewMeter(m.ctx, m.left/parts)
	err := f(own)
	m.left -= own.all - own.left
	return err
}
