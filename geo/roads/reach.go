package roads

// cutOff finds the segments from which one cannot both come and go: those
// with no direction inside the largest strongly connected part of the states
// (Tarjan 1972, without recursion).
func (g *Graph) cutOff() []bool {
	n := g.states()
	part := make([]int32, n) // 0: not seen yet
	low := make([]int32, n)
	num := make([]int32, n)
	next := make([]int32, n) // the arc to look at next
	var stack, path []int32
	var seen, parts, main, mainSize int32
	for root := range n {
		if num[root] != 0 {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if num[v] == 0 {
				seen++
				num[v], low[v], next[v] = seen, seen, g.out.from[v]
				stack = append(stack, v)
			}
			if k := next[v]; k < g.out.from[v+1] {
				next[v]++
				w := g.out.arcs[k].to
				if num[w] == 0 {
					path = append(path, w)
				} else if part[w] == 0 {
					low[v] = min(low[v], num[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1]
				low[u] = min(low[u], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			parts++
			var size int32
			for {
				w := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				part[w] = parts
				size++
				if w == v {
					break
				}
			}
			if size > mainSize {
				main, mainSize = parts, size
			}
		}
	}
	off := make([]bool, len(g.segments))
	for i := range off {
		off[i] = true
	}
	for v := range n {
		if part[v] != main {
			continue
		}
		for k := g.out.from[v]; k < g.out.from[v+1]; k++ {
			if part[g.out.arcs[k].to] == main {
				off[g.out.road[k]/2] = false
			}
		}
	}
	return off
}
