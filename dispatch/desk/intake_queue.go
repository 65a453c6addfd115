package desk

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"moked/dispatch"
)

// A group gets this long, whatever became of those who wait for it.
const groupTimeout = 30 * time.Second

// settleReports files the reports together, or each by itself when one of
// them spoils it for the others.
func (d *Desk) settleReports(fs []*filing) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	err := d.fileTogether(ctx, fs)
	if err == nil {
		return
	}
	if len(fs) > 1 && spoiled(err) {
		d.log.Warn("a report spoiled its group; each is filed by itself", "reports", len(fs), "error", err)
		for _, f := range fs {
			d.settleReports([]*filing{f})
		}
		return
	}
	var refused *dispatch.Error
	if !errors.As(err, &refused) {
		d.log.Error("reports were not filed", "reports", len(fs), "error", err)
		err = &dispatch.Error{Code: dispatch.Unavailable, Key: KeyUnavailable}
	}
	for _, f := range fs {
		f.err = err
	}
}

// spoiled reports whether the content of a row made the transaction fail, and
// not the machine.
func spoiled(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && len(pg.Code) == 5 && (pg.Code[:2] == "22" || pg.Code[:2] == "23" || pg.Code[:2] == "54")
}
