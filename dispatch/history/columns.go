package history

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/google/uuid"
)

// never is a time that has not come, or a promise that was not made.
const never = 0

// columns are the reports, one to an index. Times are microseconds since 1970,
// as PostgreSQL keeps them. Codes are places in names.
type columns struct {
	id []uuid.UUID

	filed, closed, due     []int64
	responded, responseDue []int64
	paused                 map[uint32]int64 // few are: of the open ones
	first                  []int64          // when the incident's first report was filed

	category, department, district, neighbourhood []uint16
	channel                                       []uint16
	reopened                                      []uint8
	hour                                          []uint16 // of the week in which it was filed, from Sunday's midnight

	// Where the incident is: whole metres of ITM (EPSG:2039), east and north, and
	// the web's Mercator square (EPSG:3857) in parts of 2³², east and south.
	// Nowhere in x says that it isn't located.
	x, y   []int32
	wx, wy []uint32

	// The located ones by place, the closed ones by when, the open ones by when
	// they were filed; and the latest closing of all.
	places   order[placed]
	closings order[done]
	opens    order[standing]
	latest   int64

	// The first inOrder reports are in the order in which they were filed.
	inOrder int
	// long are the reports that were closed more than a brief time after they
	// were filed, or before, or never; isLong says which are in it. One that
	// isn't long any more may stay.
	long   []uint32
	isLong []bool

	// slots finds a report's index by its id: open addressing with linear
	// probing, index + 1, zero for a free slot. Its length is a power of two, and
	// at most two thirds are taken.
	slots []uint32
}

// row is one report as the database gives it.
type row struct {
	id                                            uuid.UUID
	filed, closed, due, paused                    int64
	responded, responseDue, first                 int64
	category, department, district, neighbourhood uint16
	channel, hour                                 uint16
	reopened                                      uint8
	x, y                                          int32
	wx, wy                                        uint32
}

// nowhere is the x of a report whose incident isn't located.
const nowhere = math.MinInt32

// reserve makes room for so many reports.
func (c *columns) reserve(n int) {
	c.id = make([]uuid.UUID, 0, n)
	for _, column := range []*[]int64{&c.filed, &c.closed, &c.due, &c.responded, &c.responseDue, &c.first} {
		*column = make([]int64, 0, n)
	}
	for _, column := range []*[]uint16{&c.category, &c.department, &c.district, &c.neighbourhood, &c.channel, &c.hour} {
		*column = make([]uint16, 0, n)
	}
	c.reopened, c.isLong = make([]uint8, 0, n), make([]bool, 0, n)
	c.x, c.y = make([]int32, 0, n), make([]int32, 0, n)
	c.wx, c.wy = make([]uint32, 0, n), make([]uint32, 0, n)
}

// bytes is how much memory the reports take.
func (c *columns) bytes() int {
	all := cap(c.id)*16 + cap(c.slots)*4 + c.places.bytes() + c.closings.bytes() + c.opens.bytes() + len(c.paused)*48
	for _, column := range [][]int64{c.filed, c.closed, c.due, c.responded, c.responseDue, c.first} {
		all += cap(column) * 8
	}
	for _, column := range [][]uint16{c.category, c.department, c.district, c.neighbourhood, c.channel, c.hour} {
		all += cap(column) * 2
	}
	return all + cap(c.reopened) + cap(c.isLong) + cap(c.long)*4 + (cap(c.x)+cap(c.y)+cap(c.wx)+cap(c.wy))*4
}

func (c *columns) len() int { return len(c.filed) }

// put adds a report, or replaces what is known of it.
func (c *columns) put(r *row) {
	at := c.slot(r.id)
	if n := c.slots[at]; n > 0 {
		n--
		placed, done, standing, wx, wy := c.placedOf(n), c.doneOf(n), c.standingOf(n), c.wx[n], c.wy[n]
		placeKey, closedKey, openKey := c.placeKey(n), c.closedKey(n), c.openKey(n)
		c.set(n, r)
		if placeKey != c.placeKey(n) || placed != c.placedOf(n) || wx != c.wx[n] || wy != c.wy[n] {
			c.places.changed(n, placeKey)
		}
		if closedKey != c.closedKey(n) || done != c.doneOf(n) {
			c.closings.changed(n, closedKey)
		}
		if openKey != c.openKey(n) || standing != c.standingOf(n) {
			c.opens.changed(n, openKey)
		}
		c.latest = max(c.latest, r.closed)
		c.measure(n)
		return
	}
	c.slots[at] = uint32(c.len() + 1)
	c.id = append(c.id, r.id)
	c.first = append(c.first, r.first)
	c.filed, c.closed = append(c.filed, r.filed), append(c.closed, r.closed)
	c.due = append(c.due, r.due)
	c.pause(uint32(c.len()-1), r.paused)
	c.responded, c.responseDue = append(c.responded, r.responded), append(c.responseDue, r.responseDue)
	c.category, c.department = append(c.category, r.category), append(c.department, r.department)
	c.district, c.neighbourhood = append(c.district, r.district), append(c.neighbourhood, r.neighbourhood)
	c.channel, c.reopened, c.hour = append(c.channel, r.channel), append(c.reopened, r.reopened), append(c.hour, r.hour)
	c.x, c.y = append(c.x, r.x), append(c.y, r.y)
	c.wx, c.wy = append(c.wx, r.wx), append(c.wy, r.wy)
	c.places.came(uint32(c.len() - 1))
	c.closings.came(uint32(c.len() - 1))
	c.opens.came(uint32(c.len() - 1))
	c.latest = max(c.latest, r.closed)
	c.isLong = append(c.isLong, false)
	c.measure(uint32(c.len() - 1))
}

// arrange puts the reports in order anew.
func (c *columns) arrange() {
	c.places.arrange(c.len(), c.placeKey, c.placedOf)
	c.closings.arrange(c.len(), c.closedKey, c.doneOf)
	c.opens.arrange(c.len(), c.openKey, c.standingOf)
}

// measure puts a report among the long ones if it is one.
func (c *columns) measure(n uint32) {
	took := c.closed[n] - c.filed[n]
	if !c.isLong[n] && (c.closed[n] == never || took > brief || took < 0) {
		c.isLong[n] = true
		c.long = append(c.long, n)
	}
}

// pausedAt is when an open report's clock was paused.
func (c *columns) pausedAt(n uint32) int64 {
	if c.closed[n] != never || len(c.paused) == 0 {
		return never
	}
	return c.paused[n]
}

func (c *columns) pause(n uint32, at int64) {
	switch {
	case at == never:
		delete(c.paused, n)
	case c.paused == nil:
		c.paused = map[uint32]int64{n: at}
	default:
		c.paused[n] = at
	}
}

func (c *columns) set(n uint32, r *row) {
	c.first[n] = r.first
	c.filed[n], c.closed[n], c.due[n] = r.filed, r.closed, r.due
	c.pause(n, r.paused)
	c.responded[n], c.responseDue[n] = r.responded, r.responseDue
	c.category[n], c.department[n], c.district[n], c.neighbourhood[n] = r.category, r.department, r.district, r.neighbourhood
	c.channel[n], c.reopened[n], c.hour[n] = r.channel, r.reopened, r.hour
	c.x[n], c.y[n], c.wx[n], c.wy[n] = r.x, r.y, r.wx, r.wy
}

// slot is where the report's index is, or where it would be put.
func (c *columns) slot(id uuid.UUID) uint32 {
	if 3*c.len() >= 2*len(c.slots) {
		c.grow()
	}
	mask := uint32(len(c.slots) - 1)
	// The end of a version 7 id is random.
	for at := binary.LittleEndian.Uint32(id[12:]) & mask; ; at = (at + 1) & mask {
		if n := c.slots[at]; n == 0 || c.id[n-1] == id {
			return at
		}
	}
}

func (c *columns) grow() {
	c.slots = make([]uint32, max(1024, 2*len(c.slots)))
	mask := uint32(len(c.slots) - 1)
	for n, id := range c.id {
		at := binary.LittleEndian.Uint32(id[12:]) & mask
		for c.slots[at] != 0 {
			at = (at + 1) & mask
		}
		c.slots[at] = uint32(n + 1)
	}
}

// names numbers the codes of one kind; the empty code is 0.
type names struct {
	codes  []string
	number map[string]uint16
}

func newNames() names { return names{codes: []string{""}, number: map[string]uint16{"": 0}} }

// weekHours names the hours of the week, each by its number.
var weekHours = func() names {
	n := names{number: map[string]uint16{}}
	for h := range uint16(7 * 24) {
		n.codes = append(n.codes, strconv.Itoa(int(h)))
		n.number[n.codes[h]] = h
	}
	return n
}()

// of is the code's number, a new one for a code that wasn't met before. An
// authority has far fewer codes than 65,536 of any kind; more than that would
// be numbered wrongly, so it is refused.
func (n *names) of(code []byte) (uint16, bool) {
	if at, ok := n.number[string(code)]; ok {
		return at, true
	}
	if len(n.codes) > 1<<16-1 {
		return 0, false
	}
	at := uint16(len(n.codes))
	n.codes = append(n.codes, string(code))
	n.number[string(code)] = at
	return at, true
}
