package desk

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Sessions keeps the sessions of signed-in people, in the shape that scs asks
// of a store. Only the hash of a session's token is kept.
type Sessions struct{ desk *Desk }

// Sessions is the desk's store of sessions.
func (d *Desk) Sessions() *Sessions { return &Sessions{d} }

const (
	selectSession  = `select data from session where hash = $1 and expires_at > $2`
	upsertSession  = `insert into session (hash, data, expires_at) values ($1, $2, $3) on conflict (hash) do update set data = excluded.data, expires_at = excluded.expires_at`
	deleteSession  = `delete from session where hash = $1`
	deleteSessions = `delete from session where expires_at <= $1`
)

// FindCtx returns a session's data; found is false when it has ended.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	hash := sha256.Sum256([]byte(token))
	err = s.desk.pool.QueryRow(ctx, selectSession, hash[:], s.desk.clock()).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx keeps a session's data until expiry.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash := sha256.Sum256([]byte(token))
	_, err := s.desk.pool.Exec(ctx, upsertSession, hash[:], data, expiry)
	return err
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	_, err := s.desk.pool.Exec(ctx, deleteSession, hash[:])
	return err
}

// Find, Commit and Delete are the same without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// EndExpiredSessions removes what has ended. It is to be called now and then.
func (d *Desk) EndExpiredSessions(ctx context.Context) error {
	_, err := d.pool.Exec(ctx, deleteSessions, d.clock())
	return err
}
