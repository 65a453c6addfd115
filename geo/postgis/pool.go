package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"
)

// defaultConns is how many connections a pool may open unless its URL says
// otherwise with pool_max_conns.
const defaultConns = 24

// ErrNoPostGIS means that a database has no geometry type: it was not migrated
// yet.
var ErrNoPostGIS = errors.New("the database has no PostGIS")

// Connect makes a pool of connections to the database at the URL. On each of
// them orb's geometries are parameters and results for columns of type
// geometry (in WGS84, SRID 4326), and uuid.UUID for those of type uuid.
// Connections are opened when they are needed, so a server that is down shows
// only then. The options may change the pool's configuration first.
func Connect(ctx context.Context, url string, options ...func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(url, "pool_max_conns=") {
		config.MaxConns = defaultConns
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "moked"
	}
	config.AfterConnect = register
	for _, option := range options {
		option(config)
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// register makes the connection speak orb and uuid.
func register(ctx context.Context, conn *pgx.Conn) error {
	var oid, arrayOID uint32
	err := conn.QueryRow(ctx, `select oid, typarray from pg_type where oid = to_regtype('geometry')`).Scan(&oid, &arrayOID)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNoPostGIS
	}
	if err != nil {
		return fmt.Errorf("looking up the geometry type: %w", err)
	}
	types := conn.TypeMap()
	geometry := &pgtype.Type{Name: "geometry", OID: oid, Codec: geometryCodec{}}
	types.RegisterType(geometry)
	types.RegisterType(&pgtype.Type{Name: "_geometry", OID: arrayOID, Codec: &pgtype.ArrayCodec{ElementType: geometry, Delimiter: ':'}})
	// For statements whose parameters the server has not told the types of.
	for _, g := range []orb.Geometry{
		orb.Point{}, orb.MultiPoint{}, orb.LineString{}, orb.MultiLineString{}, orb.Ring{}, orb.Polygon{}, orb.MultiPolygon{}, orb.Bound{}, orb.Collection{},
	} {
		types.RegisterDefaultPgType(g, geometry.Name)
	}
	id := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}}
	types.RegisterType(id)
	types.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: id}})
	return nil
}
