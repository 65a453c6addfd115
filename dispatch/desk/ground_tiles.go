package desk

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"moked/dispatch"
	"moked/geo/postgis"
)

// Tile is one vector tile of the authority's ground; see postgis.Tile. A tile
// is made once for as long as the ground stays as it is, and those who ask for
// it while it is made wait for the same query. A tile that can't be is
// NotFound, with the part of its address that is wrong.
func (d *Desk) Tile(ctx context.Context, who dispatch.Actor, layer string, z, x, y int) ([]byte, error) {
	g, err := d.groundFor(ctx, who)
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("%s/%d/%d/%d", layer, z, x, y)
	if tile, ok := g.tiles.get(address); ok {
		return tile, nil
	}
	for {
		made := d.grounds.making.DoChan(fmt.Sprint(g.authority, g.newest, address), func() (any, error) {
			tile, err := postgis.Tile(ctx, d.pool, layer, z, x, y, g.authority)
			if err == nil {
				g.tiles.put(address, tile)
			}
			return tile, err
		})
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r := <-made:
			if errors.Is(r.Err, context.Canceled) && ctx.Err() == nil {
				continue // the one whose query it was went away
			}
			var wrong *postgis.TileError
			if errors.As(r.Err, &wrong) {
				return nil, &dispatch.Error{Code: dispatch.NotFound, Key: KeyNoTile, Field: wrong.Field, Args: map[string]any{"value": wrong.Value}}
			}
			tile, _ := r.Val.([]byte)
			return tile, r.Err
		}
	}
}

// tileRoom bounds the tiles of one authority that are held in memory, in
// bytes.
const tileRoom = 32 << 20

// tiles are those made so far of one state of the ground. When there is no
// room for another one, the oldest go.
type tiles struct {
	mu    sync.RWMutex
	made  map[string][]byte
	order []string
	bytes int
}

func (t *tiles) get(address string) ([]byte, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	tile, ok := t.made[address]
	return tile, ok
}

// tileCost is what a tile takes in memory besides its content.
const tileCost = 200

func (t *tiles) put(address string, tile []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, there := t.made[address]; there {
		return
	}
	t.made[address] = tile
	t.order = append(t.order, address)
	t.bytes += len(tile) + tileCost
	for t.bytes > tileRoom {
		t.bytes -= len(t.made[t.order[0]]) + tileCost
		delete(t.made, t.order[0])
		t.order = t.order[1:]
	}
}
