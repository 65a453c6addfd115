package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// The nouns that are counted, in the order in which their counters are locked.
var counted = [...]string{"incident", "job", "report"}

const takeNumbers = `
insert into counter as c (authority, noun, year, last)
select $1, n.noun, $2, n.n from unnest($3::text[], $4::bigint[]) as n (noun, n) where n.n > 0 order by n.noun
on conflict (authority, noun, year) do update set last = c.last + excluded.last
returning noun, last`

// numbers hands out the public numbers that a transaction has taken.
type numbers struct {
	year int
	next map[string]int64
}

// numbersQuery asks for so many numbers of each noun. They are taken for good
// only when the transaction commits, so that there are no holes.
func numbersQuery(authority string, year, incidents, jobs, reports int) (sql string, args []any) {
	return takeNumbers, []any{authority, year, counted[:], []int64{int64(incidents), int64(jobs), int64(reports)}}
}

func readNumbers(rows pgx.Rows, year, incidents, jobs, reports int) (numbers, error) {
	taken := map[string]int64{"incident": int64(incidents), "job": int64(jobs), "report": int64(reports)}
	n := numbers{year: year, next: map[string]int64{}}
	var (
		noun string
		last int64
	)
	_, err := pgx.ForEachRow(rows, []any{&noun, &last}, func() error {
		n.next[noun] = last - taken[noun] + 1
		return nil
	})
	return n, err
}

func (c *change) numbers(ctx context.Context, incidents, jobs, reports int) (numbers, error) {
	year := c.ground.year(c.now)
	sql, args := numbersQuery(c.who.Authority, year, incidents, jobs, reports)
	rows, err := c.tx.Query(ctx, sql, args...)
	if err != nil {
		return numbers{}, err
	}
	return readNumbers(rows, year, incidents, jobs, reports)
}

func (n numbers) take(noun string) int64 {
	v := n.next[noun]
	n.next[noun]++
	return v
}

func (n numbers) report() string { return fmt.Sprintf("%02d-%06d", n.year%100, n.take("report")) }

func (n numbers) incident() string { return fmt.Sprintf("%02d-I-%06d", n.year%100, n.take("incident")) }

func (n numbers) job() string { return fmt.Sprintf("%02d-J-%06d", n.year%100, n.take("job")) }

// year is the calendar year at t where the authority is.
func (g *ground) year(t time.Time) int {
	if z := g.calendar.Zone; z != nil {
		t = t.In(z)
	}
	return t.Year()
}
