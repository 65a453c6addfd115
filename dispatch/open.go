package dispatch

import "time"

// OpenReport is a report as open data are made of it: what it is about, when and
// where. Nothing that a person told is in it. Sensitive is its category's, or
// the category's that it was filed under.
type OpenReport struct {
	Number     string
	Filed      time.Time
	Closed     *time.Time
	Channel    Channel
	Category   string
	Department string
	Label      string // of the place
	Lat, Lon   *float64
	Sensitive  bool
}

// openFew is how many reports there must be of a sensitive kind in one month for
// a row, and in one cell besides for a place: fewer might tell of persons.
const openFew = 5

// openCell is a month's reports of one category in one cell of the coarse grid;
// an unplaced one is in none.
type openCell struct {
	month    string
	category string
	placed   bool
	lat, lon float64
}

// OpenCounts counts the sensitive reports of whole months, before any of them is
// published. Zone is the authority's.
type OpenCounts struct {
	Zone  *time.Location
	cells map[openCell]int
	kinds map[[2]string]int
}

// Add counts a sensitive report.
func (c *OpenCounts) Add(r OpenReport) {
	if c.cells == nil {
		c.cells, c.kinds = map[openCell]int{}, map[[2]string]int{}
	}
	cell := c.cell(r)
	c.cells[cell]++
	c.kinds[[2]string{cell.month, cell.category}]++
}

func (c *OpenCounts) cell(r OpenReport) openCell {
	k := openCell{month: r.Filed.In(c.Zone).Format("2006-01"), category: r.Category}
	if r.Lat != nil && r.Lon != nil {
		k.placed, k.lat, k.lon = true, blur(*r.Lat), blur(*r.Lon)
	}
	return k
}

// Publish is the report as everybody may have it; false where it may not be
// published at all.
//
// One that isn't sensitive stands as it is. Of a sensitive one there is the month
// in place of its days, and no number, no channel and no address; its place is
// the middle of its cell, if there are five of its category in that cell in that
// month; and without five in the whole month, or while the month isn't over,
// there is no row. What a row tells depends on its own month alone, so that no
// choice of rows tells more.
func (c *OpenCounts) Publish(r OpenReport, now time.Time) (OpenReport, bool) {
	if !r.Sensitive {
		return r, true
	}
	cell := c.cell(r)
	first := monthOf(r.Filed, c.Zone)
	if c.kinds[[2]string{cell.month, cell.category}] < openFew || !first.AddDate(0, 1, 0).Before(now) {
		return OpenReport{}, false
	}
	out := OpenReport{Filed: first, Category: r.Category, Department: r.Department, Sensitive: true}
	// That it was closed is told once the month of its closing is over.
	if r.Closed != nil {
		if closed := monthOf(*r.Closed, c.Zone); closed.AddDate(0, 1, 0).Before(now) {
			out.Closed = &closed
		}
	}
	if cell.placed && c.cells[cell] >= openFew {
		out.Lat, out.Lon = &cell.lat, &cell.lon
	}
	return out, true
}

func monthOf(at time.Time, zone *time.Location) time.Time {
	y, m, _ := at.In(zone).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, zone)
}
