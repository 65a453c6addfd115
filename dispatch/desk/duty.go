package desk

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// Duty is what a crew is to be put to: State, and Until when; without Until as
// dispatch.Crew.Go says. Without a State, OnUntil says until when it works
// (nil: off duty) and OnBreak whether it takes a break. A BaseVersion of 0 is
// not compared: a crew knows its own state.
type Duty struct {
	BaseVersion int           `json:"base_version,omitempty"`
	State       dispatch.Duty `json:"state,omitempty"`
	Until       *time.Time    `json:"until,omitempty"`
	OnUntil     *time.Time    `json:"on_until,omitempty"`
	OnBreak     bool          `json:"on_break,omitempty"`
}

// The shift that a crew has at a time, or is about to have.
const selectShiftAt = `select ` + shiftColumns + ` from shift s where s.crew = $1 and s.ends_at > $2 and s.starts_at <= $3 order by s.starts_at limit 1`

// SetDuty puts a crew on duty, on a break, on standby, or off duty.
func (d *Desk) SetDuty(ctx context.Context, who dispatch.Actor, id uuid.UUID, in Duty) (k dispatch.Crew, err error) {
	err = d.write(ctx, who, func(c *change) error {
		k, err = c.setDuty(ctx, id, in)
		return err
	})
	if err != nil {
		return dispatch.Crew{}, err
	}
	return k, nil
}

// setDuty is SetDuty within a transaction. It takes intake's lock and the
// crew's, in this order.
func (c *change) setDuty(ctx context.Context, id uuid.UUID, in Duty) (dispatch.Crew, error) {
	return c.changeCrew(ctx, id, in.BaseVersion, dispatch.CrewDuty, func(c *change, k *dispatch.Crew) (event string, err error) {
		if k.Retired {
			return "", &dispatch.Error{Code: dispatch.Conflict, Key: dispatch.KeyCrewRetired, Args: map[string]any{"crew": k.Name}, Current: *k}
		}
		found, err := shifts(ctx, c.tx, selectShiftAt, k.ID, c.now, c.now.Add(dispatch.EarlyDuty))
		if err != nil {
			return "", err
		}
		shift := k.Shift
		if len(found) > 0 {
			shift = &found[0]
		} else if k.DutyAt(c.now) == dispatch.DutyOff {
			shift = nil
		}
		if in.State == "" {
			*k, event, err = c.olderDuty(*k, in, shift)
			return event, err
		}
		*k, event, err = k.Go(in.State, in.Until, shift, c.now)
		return event, err
	})
}

// olderDuty is Duty without a State.
func (c *change) olderDuty(k dispatch.Crew, in Duty, shift *dispatch.Shift) (after dispatch.Crew, event string, err error) {
	if in.OnUntil == nil {
		return k.Go(dispatch.DutyOff, nil, nil, c.now)
	}
	after, event, err = k.Go(dispatch.DutyOn, in.OnUntil, shift, c.now)
	if err == nil && in.OnBreak {
		after, event, err = after.Go(dispatch.DutyBreak, nil, shift, c.now)
	}
	var refused *dispatch.Error
	if errors.As(err, &refused) && refused.Field == "until" {
		err = invalid("on_until", KeyBadTime, nil)
	}
	return after, event, err
}
