package photo

// shrink averages a channel down to w by h: each sample out is the mean of the
// area that it covers, with the samples at the border counted by how much of
// them it covers. It never enlarges. stride is how far the rows of in are
// apart.
func shrink(in []byte, stride, inW, inH, w, h int) plane {
	out := newPlane(w, h)
	if w == inW && h == inH {
		for y := range h {
			copy(out.pix[y*w:(y+1)*w], in[y*stride:])
		}
		return out
	}
	// The border is in 1/256 of a sample, and so are the weights; a sum of
	// columns stays below 2³² for areas of up to 65,000 samples.
	across := cuts(inW, w)
	down := cuts(inH, h)
	column := make([]uint32, inW)
	for y := range h {
		clear(column)
		d := down[y]
		var weight uint64
		for sy := d.from; sy <= d.to; sy++ {
			k := d.weight(sy)
			if k == 0 {
				continue
			}
			weight += uint64(k)
			row := in[sy*stride : sy*stride+inW]
			for x, v := range row {
				column[x] += k * uint32(v)
			}
		}
		line := out.pix[y*w : (y+1)*w]
		for x := range line {
			a := across[x]
			var sum, total uint64
			for sx := a.from; sx <= a.to; sx++ {
				k := uint64(a.weight(sx))
				sum += k * uint64(column[sx])
				total += k
			}
			total *= weight
			line[x] = byte((sum + total/2) / total)
		}
	}
	return out
}

// cut is the stretch of samples that one sample out covers: from and to, these
// two by their part in 256.
type cut struct {
	from, to    int
	first, last uint32
}

func (c cut) weight(at int) uint32 {
	switch at {
	case c.from:
		return c.first
	case c.to:
		return c.last
	}
	return 256
}

// cuts divides n samples into m equal stretches; m is at most n.
func cuts(n, m int) []cut {
	all := make([]cut, m)
	for i := range all {
		a, b := i*n*256/m, (i+1)*n*256/m
		c := cut{from: a >> 8, to: (b - 1) >> 8}
		c.first = uint32(256 - a&255)
		c.last = uint32(b - c.to<<8)
		if c.from == c.to {
			c.first = uint32(b - a)
		}
		all[i] = c
	}
	return all
}
