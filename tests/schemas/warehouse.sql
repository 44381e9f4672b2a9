-- A carrier: shipments and vehicles as they are (ops), what other systems send (staging), facts and dimensions over years (dw),
-- and what was named by somebody who liked long names (Übersicht).

CREATE SCHEMA ops;
CREATE SCHEMA staging;
CREATE SCHEMA dw;
CREATE SCHEMA "Übersicht";
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm WITH SCHEMA ops;
CREATE EXTENSION cube WITH SCHEMA dw;

CREATE TYPE ops.vehicle_kind AS ENUM ('van', 'truck', 'trailer', 'cargo bike');
CREATE TYPE ops.event_kind AS ENUM ('announced', 'picked up', 'sorted', 'loaded', 'in delivery', 'delivered', 'not at home', 'lost');
CREATE TYPE ops.axle_load AS ENUM ('3.5t', '7.5t', '12t', '40t');
CREATE TYPE dw.grain AS ENUM ('day', 'week', 'month', 'quarter', 'year');
CREATE TYPE staging.load_state AS ENUM ('new', 'checked', 'rejected', 'loaded');
CREATE TYPE "Übersicht"."Ampel" AS ENUM ('grün', 'gelb', 'rot');

CREATE SEQUENCE dw.surrogate_key START 1 CACHE 1000;
CREATE SEQUENCE ops."Waybill Number" START WITH 700000000 INCREMENT BY 7 MAXVALUE 799999999 CYCLE;
CREATE SEQUENCE staging.batch_seq;

CREATE FUNCTION ops.check_digit(waybill bigint) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (waybill % 7)::smallint;
CREATE FUNCTION ops.distance_km(a point, b point) RETURNS double precision LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  radius CONSTANT double precision := 6371;
BEGIN
  RETURN 2 * radius * asin(sqrt(sin(radians(b[1] - a[1]) / 2) ^ 2 +
    cos(radians(a[1])) * cos(radians(b[1])) * sin(radians(b[0] - a[0]) / 2) ^ 2));
END
$$;
CREATE FUNCTION dw.date_key(day date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (extract(year FROM day) * 10000 + extract(month FROM day) * 100 + extract(day FROM day))::integer
$$;
CREATE FUNCTION dw.date_key(moment timestamptz, zone text DEFAULT 'Europe/Berlin') RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT dw.date_key((moment AT TIME ZONE zone)::date)
$$;

-- Operations.
CREATE TABLE ops.depot (
  code char(4) PRIMARY KEY,
  name text NOT NULL COLLATE "de-x-icu",
  position point NOT NULL,
  zone text DEFAULT 'Europe/Berlin' NOT NULL,
  docks smallint DEFAULT 4 NOT NULL CHECK (docks > 0),
  opened date,
  covers polygon
);
CREATE INDEX depot_covers ON ops.depot USING gist (covers poly_ops);
CREATE INDEX depot_position ON ops.depot USING spgist (position kd_point_ops);
CREATE TABLE ops.dock (
  depot char(4) NOT NULL REFERENCES ops.depot ON UPDATE CASCADE ON DELETE CASCADE,
  number smallint NOT NULL,
  height_cm numeric(4),
  accepts ops.vehicle_kind[] DEFAULT ARRAY['van', 'truck']::ops.vehicle_kind[] NOT NULL,
  PRIMARY KEY (depot, number)
);
CREATE TABLE ops.dock_booking (
  depot char(4) NOT NULL,
  dock smallint NOT NULL,
  slot tstzrange NOT NULL,
  vehicle_id integer NOT NULL,
  cancelled boolean DEFAULT false NOT NULL,
  CONSTRAINT dock_booking_dock FOREIGN KEY (depot, dock) REFERENCES ops.dock (depot, number) ON UPDATE CASCADE,
  CONSTRAINT one_vehicle_at_a_dock EXCLUDE USING gist (depot WITH =, dock WITH =, slot WITH &&) WHERE (NOT cancelled),
  CONSTRAINT one_dock_for_a_vehicle EXCLUDE USING gist (vehicle_id WITH =, slot WITH &&) DEFERRABLE
);
CREATE TABLE ops.vehicle (
  id integer GENERATED ALWAYS AS IDENTITY (START WITH 100 MINVALUE 100 MAXVALUE 99999 CACHE 5) PRIMARY KEY,
  plate varchar(12) NOT NULL,
  kind ops.vehicle_kind NOT NULL,
  load ops.axle_load,
  volume_m3 numeric(6, 2),
  home char(4) REFERENCES ops.depot ON UPDATE CASCADE ON DELETE SET NULL,
  pulls integer,
  telematics macaddr8,
  bought date,
  CONSTRAINT vehicle_plate UNIQUE (plate),
  CONSTRAINT only_trucks_pull CHECK (pulls IS NULL OR kind = 'truck'::ops.vehicle_kind),
  CONSTRAINT vehicle_pulls FOREIGN KEY (pulls) REFERENCES ops.vehicle DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE ops.dock_booking ADD CONSTRAINT dock_booking_vehicle FOREIGN KEY (vehicle_id) REFERENCES ops.vehicle;
CREATE UNIQUE INDEX vehicle_pulled_once ON ops.vehicle (pulls) WHERE pulls IS NOT NULL;
CREATE TABLE ops.inspection (
  vehicle_id integer NOT NULL REFERENCES ops.vehicle ON DELETE CASCADE,
  done date NOT NULL,
  mileage integer,
  valid_until date GENERATED ALWAYS AS (done + 365) STORED,
  defects text[] DEFAULT ARRAY[]::text[] NOT NULL,
  cost money DEFAULT 0::money NOT NULL,
  PRIMARY KEY (vehicle_id, done)
);
CREATE TABLE ops.driver (
  id serial PRIMARY KEY,
  name text NOT NULL,
  licence_classes varchar(3)[] NOT NULL,
  hired date DEFAULT CURRENT_DATE NOT NULL,
  pin_hash bytea,
  phone varchar(20) UNIQUE,
  CONSTRAINT "has class B" CHECK ('B' = ANY (licence_classes))
);
CREATE INDEX driver_name ON ops.driver USING gist (name ops.gist_trgm_ops);
CREATE TABLE ops.driver_absence (
  driver_id integer NOT NULL REFERENCES ops.driver,
  days daterange NOT NULL,
  reason text,
  EXCLUDE USING gist (driver_id WITH =, days WITH &&)
);
CREATE TABLE ops.customer (
  id bigserial PRIMARY KEY,
  number text GENERATED ALWAYS AS ('K-' || lpad(id::text, 8, '0')) STORED UNIQUE,
  name text NOT NULL,
  parent bigint REFERENCES ops.customer ON DELETE SET NULL,
  credit_limit numeric(12, 2) DEFAULT 1000.00,
  discount numeric(3, 2) DEFAULT '0'::numeric NOT NULL,
  CONSTRAINT discount_is_a_share CHECK (discount >= 0 AND discount <= 1)
);
CREATE INDEX customer_name ON ops.customer USING gin (name ops.gin_trgm_ops);
CREATE TABLE ops.contract (
  customer_id bigint NOT NULL REFERENCES ops.customer ON DELETE RESTRICT,
  number varchar(20) NOT NULL,
  valid daterange NOT NULL,
  terms jsonb DEFAULT '{}'::jsonb NOT NULL,
  PRIMARY KEY (customer_id, number),
  CONSTRAINT one_contract_at_a_time EXCLUDE USING gist (customer_id WITH =, valid WITH &&)
);
CREATE TABLE ops.price_zone (
  id smallint PRIMARY KEY,
  name text NOT NULL,
  postal_codes int4range[] NOT NULL
);
CREATE TABLE ops.rate (
  zone smallint NOT NULL REFERENCES ops.price_zone,
  up_to_kg numeric(6, 2) NOT NULL,
  valid_from date NOT NULL,
  price numeric(8, 2) NOT NULL,
  CONSTRAINT rate_pk PRIMARY KEY (zone, valid_from, up_to_kg)
);
CREATE TABLE ops.address (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  lines text NOT NULL,
  postal_code varchar(10) NOT NULL,
  country char(2) DEFAULT 'DE' NOT NULL,
  position point,
  is_pickup_point boolean DEFAULT false NOT NULL,
  fingerprint text GENERATED ALWAYS AS (md5(lower(name || lines || postal_code))) STORED
);
CREATE UNIQUE INDEX address_once ON ops.address (fingerprint) WHERE NOT is_pickup_point;
CREATE INDEX address_postal ON ops.address (country, postal_code varchar_pattern_ops, name COLLATE "C" DESC);
CREATE TABLE ops.waybill (
  number bigint DEFAULT nextval('ops."Waybill Number"') NOT NULL,
  check_digit smallint GENERATED ALWAYS AS (ops.check_digit(number)) STORED,
  customer_id bigint NOT NULL REFERENCES ops.customer,
  contract varchar(20),
  sender bigint NOT NULL REFERENCES ops.address,
  recipient bigint NOT NULL REFERENCES ops.address,
  service text DEFAULT 'standard' NOT NULL,
  options text[],
  created_at timestamptz DEFAULT now() NOT NULL,
  delivery_window tsrange,
  insured_value numeric(12, 2),
  "cash on delivery" numeric(10, 2),
  CONSTRAINT waybill_pk PRIMARY KEY (number),
  CONSTRAINT waybill_contract FOREIGN KEY (customer_id, contract) REFERENCES ops.contract ON UPDATE CASCADE,
  CONSTRAINT waybill_service CHECK (service = ANY (ARRAY['standard'::text, 'express'::text, 'same day'::text])),
  CONSTRAINT waybill_moves CHECK (sender <> recipient)
);
CREATE INDEX waybill_created ON ops.waybill USING brin (created_at, number);
CREATE INDEX waybill_options ON ops.waybill USING gin (options) WHERE options IS NOT NULL;
CREATE TABLE ops.parcel (
  waybill bigint NOT NULL REFERENCES ops.waybill ON DELETE CASCADE,
  piece smallint NOT NULL,
  kg numeric(6, 2) NOT NULL,
  length_cm smallint,
  width_cm smallint,
  height_cm smallint,
  volumetric_kg numeric GENERATED ALWAYS AS ((length_cm::integer * width_cm * height_cm)::numeric / 5000) STORED,
  barcode text DEFAULT gen_random_uuid()::text NOT NULL,
  PRIMARY KEY (waybill, piece),
  CONSTRAINT parcel_barcode UNIQUE (barcode),
  CONSTRAINT parcel_weight CHECK (kg > 0 AND kg <= 31.5)
);
CREATE TABLE ops.tour (
  id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
  day date NOT NULL,
  depot char(4) NOT NULL REFERENCES ops.depot ON UPDATE CASCADE,
  vehicle_id integer REFERENCES ops.vehicle,
  driver_id integer REFERENCES ops.driver,
  planned_km real,
  driven_km real,
  hours interval GENERATED ALWAYS AS (make_interval(secs => (planned_km * 90)::double precision)) STORED,
  UNIQUE NULLS NOT DISTINCT (day, driver_id),
  UNIQUE (day, vehicle_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE ops.stop (
  tour_id uuid NOT NULL REFERENCES ops.tour ON DELETE CASCADE,
  position smallint NOT NULL,
  address_id bigint NOT NULL REFERENCES ops.address,
  expected time(0) with time zone,
  arrived timestamptz,
  CONSTRAINT stop_pk PRIMARY KEY (tour_id, position)
);
CREATE TABLE ops.stop_parcel (
  tour_id uuid NOT NULL,
  address_id bigint NOT NULL,
  waybill bigint NOT NULL,
  piece smallint NOT NULL,
  PRIMARY KEY (tour_id, waybill, piece),
  FOREIGN KEY (waybill, piece) REFERENCES ops.parcel MATCH FULL
);
CREATE UNIQUE INDEX stop_address ON ops.stop (tour_id, address_id);
ALTER TABLE ops.stop_parcel ADD CONSTRAINT stop_parcel_stop FOREIGN KEY (tour_id, address_id) REFERENCES ops.stop (tour_id, address_id)
  ON DELETE SET DEFAULT;
CREATE TABLE ops.event (
  waybill bigint NOT NULL,
  piece smallint NOT NULL,
  at timestamptz DEFAULT clock_timestamp() NOT NULL,
  kind ops.event_kind NOT NULL,
  depot char(4),
  by_driver integer,
  signature bytea,
  details jsonb,
  CONSTRAINT event_parcel FOREIGN KEY (waybill, piece) REFERENCES ops.parcel ON DELETE CASCADE,
  CONSTRAINT event_depot FOREIGN KEY (depot) REFERENCES ops.depot ON UPDATE CASCADE NOT VALID,
  CONSTRAINT event_somewhere CHECK (depot IS NOT NULL OR by_driver IS NOT NULL) NOT VALID
);
CREATE INDEX event_latest ON ops.event (waybill, piece, at DESC) INCLUDE (kind);
CREATE INDEX event_at ON ops.event USING brin (at timestamptz_bloom_ops);
CREATE INDEX event_details ON ops.event USING gin (details jsonb_path_ops) WHERE kind IN ('lost', 'not at home');
CREATE TABLE ops.claim (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  waybill bigint NOT NULL UNIQUE REFERENCES ops.waybill,
  amount numeric(12, 2) NOT NULL,
  photos bytea[],
  decided boolean,
  decided_by name
);
CREATE TABLE ops.fuel_card (
  number char(16) PRIMARY KEY,
  vehicle_id integer REFERENCES ops.vehicle ON DELETE SET NULL,
  pin smallint CHECK (pin BETWEEN 0 AND 9999)
);
CREATE TABLE ops.refuelling (
  card char(16) NOT NULL REFERENCES ops.fuel_card,
  at timestamp(0) NOT NULL,
  litres numeric(5, 2) NOT NULL,
  price_per_litre numeric(5, 3) NOT NULL,
  total numeric GENERATED ALWAYS AS (litres * price_per_litre) STORED,
  PRIMARY KEY (card, at)
);
CREATE UNLOGGED TABLE ops.position_report (
  vehicle_id integer NOT NULL,
  at timestamptz NOT NULL,
  place point,
  speed real DEFAULT 0,
  heading smallint
);
CREATE INDEX position_report_vehicle ON ops.position_report (vehicle_id, at DESC NULLS LAST);
CREATE TABLE ops.sorting_rule (
  priority integer NOT NULL,
  postal_from varchar(10) NOT NULL COLLATE "C",
  postal_to varchar(10) NOT NULL COLLATE "C",
  depot char(4) NOT NULL REFERENCES ops.depot ON UPDATE CASCADE,
  CONSTRAINT sorting_rule_order CHECK (postal_from <= postal_to),
  CONSTRAINT sorting_rule_priority PRIMARY KEY (priority)
);
CREATE TABLE ops.holiday (
  day date NOT NULL,
  region varchar(6) DEFAULT 'DE' NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (region, day)
);

-- What comes in.
CREATE TABLE staging.source (
  id smallserial PRIMARY KEY,
  name text NOT NULL UNIQUE,
  format text DEFAULT E'line\\n' NOT NULL,
  separator "char" DEFAULT ';',
  last_seen timestamptz
);
CREATE TABLE staging.batch (
  id bigint DEFAULT nextval('staging.batch_seq') NOT NULL PRIMARY KEY,
  source_id smallint NOT NULL REFERENCES staging.source,
  state staging.load_state DEFAULT 'new' NOT NULL,
  received timestamptz DEFAULT now() NOT NULL,
  file_name text,
  sha256 bytea CHECK (length(sha256) = 32),
  retry_of bigint REFERENCES staging.batch
);
CREATE UNIQUE INDEX batch_once ON staging.batch (source_id, sha256) WHERE state <> 'rejected';
CREATE UNLOGGED TABLE staging.edi_message (
  batch_id bigint NOT NULL,
  line integer NOT NULL,
  segment char(3),
  fields text[] NOT NULL,
  PRIMARY KEY (batch_id, line)
);
CREATE UNLOGGED TABLE staging.customer_csv (
  batch_id bigint, line integer, number text, name text, street text, zip text, city text, country text, "E-Mail" text, "Tel." text
);
CREATE UNLOGGED TABLE staging.scan (
  batch_id bigint DEFAULT currval('staging.batch_seq') NOT NULL,
  barcode text,
  "timestamp" text,
  device text,
  x double precision,
  y double precision
);
CREATE INDEX scan_barcode ON staging.scan USING hash (barcode);
CREATE TABLE staging.rejected (
  batch_id bigint NOT NULL REFERENCES staging.batch ON DELETE CASCADE,
  line integer NOT NULL,
  "column" text,
  reason text NOT NULL,
  raw text,
  CONSTRAINT rejected_pk PRIMARY KEY (batch_id, line)
);
CREATE TABLE staging.fx_rate (
  day date NOT NULL,
  currency char(3) NOT NULL,
  rate numeric(18, 8) NOT NULL CHECK (rate > 0),
  inverse numeric GENERATED ALWAYS AS (1 / rate) STORED,
  PRIMARY KEY (day, currency)
);
CREATE TABLE staging.weather (
  station integer NOT NULL,
  hour timestamp(0) with time zone NOT NULL,
  temperature real,
  rain_mm real DEFAULT 0.0,
  wind real DEFAULT 'NaN'::real,
  codes smallint[]
);
CREATE TABLE staging.mapping (
  source_id smallint NOT NULL REFERENCES staging.source ON DELETE CASCADE,
  "from" text NOT NULL,
  "to" text NOT NULL,
  via text DEFAULT 'it''s a "map" of C:\new\table',
  PRIMARY KEY (source_id, "from")
);

-- Dimensions and facts.
CREATE TABLE dw.dim_date (
  key integer PRIMARY KEY,
  day date NOT NULL UNIQUE,
  year smallint GENERATED ALWAYS AS (extract(year FROM day)::smallint) STORED,
  month smallint GENERATED ALWAYS AS (extract(month FROM day)) STORED,
  iso_week smallint GENERATED ALWAYS AS (extract(week FROM day)) STORED,
  is_weekend boolean GENERATED ALWAYS AS (extract(isodow FROM day) >= 6) STORED,
  holiday text,
  CONSTRAINT key_is_of_the_day CHECK (key = dw.date_key(day))
);
CREATE TABLE dw.dim_time (
  key smallint PRIMARY KEY,
  hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  minute smallint NOT NULL CHECK (minute BETWEEN 0 AND 59),
  part_of_day text
);
CREATE TABLE dw.dim_customer (
  key bigint DEFAULT nextval('dw.surrogate_key') PRIMARY KEY,
  customer_id bigint NOT NULL,
  name text NOT NULL,
  segment text DEFAULT 'unknown' NOT NULL,
  valid tstzrange DEFAULT tstzrange(now(), 'infinity') NOT NULL,
  is_current boolean GENERATED ALWAYS AS (upper(valid) = 'infinity'::timestamptz) STORED,
  CONSTRAINT dim_customer_history EXCLUDE USING gist (customer_id WITH =, valid WITH &&)
);
CREATE UNIQUE INDEX dim_customer_current ON dw.dim_customer (customer_id) WHERE is_current;
CREATE TABLE dw.dim_depot (
  key bigint DEFAULT nextval('dw.surrogate_key') PRIMARY KEY,
  code char(4) NOT NULL,
  name text,
  region text,
  valid_from date NOT NULL,
  valid_to date DEFAULT '9999-12-31' NOT NULL,
  UNIQUE (code, valid_from)
);
CREATE TABLE dw.dim_service (
  key smallint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10) PRIMARY KEY,
  service text NOT NULL,
  option_set text[] DEFAULT '{}' NOT NULL,
  UNIQUE (service, option_set)
);
CREATE TABLE dw.dim_vehicle (
  key bigint DEFAULT nextval('dw.surrogate_key') PRIMARY KEY,
  vehicle_id integer NOT NULL,
  kind ops.vehicle_kind NOT NULL,
  load ops.axle_load DEFAULT '3.5t' NOT NULL
);
CREATE TABLE dw.fact_parcel (
  date_key integer NOT NULL REFERENCES dw.dim_date,
  customer_key bigint NOT NULL REFERENCES dw.dim_customer,
  from_depot bigint NOT NULL REFERENCES dw.dim_depot,
  to_depot bigint NOT NULL REFERENCES dw.dim_depot,
  service_key smallint NOT NULL REFERENCES dw.dim_service,
  waybill bigint NOT NULL,
  piece smallint NOT NULL,
  kg numeric(6, 2),
  hours_in_transit numeric(6, 1),
  revenue numeric(10, 2) DEFAULT 0 NOT NULL,
  cost numeric(10, 2) DEFAULT 0 NOT NULL,
  margin numeric GENERATED ALWAYS AS (revenue - cost) STORED,
  CONSTRAINT fact_parcel_pk PRIMARY KEY (waybill, piece)
);
CREATE INDEX fact_parcel_date ON dw.fact_parcel USING brin (date_key int4_minmax_ops, customer_key int8_bloom_ops);
CREATE INDEX fact_parcel_loss ON dw.fact_parcel (customer_key, (revenue - cost)) WHERE revenue < cost;
CREATE TABLE dw.fact_tour (
  date_key integer NOT NULL REFERENCES dw.dim_date,
  time_key smallint NOT NULL REFERENCES dw.dim_time,
  vehicle_key bigint NOT NULL REFERENCES dw.dim_vehicle,
  tour_id uuid NOT NULL PRIMARY KEY,
  km real,
  stops integer,
  litres numeric(6, 2),
  litres_per_100_km numeric(5, 2) GENERATED ALWAYS AS (CASE WHEN km > 0 THEN (100 * litres / km::numeric)::numeric(5, 2) END) STORED
);
CREATE TABLE dw.fact_stock_snapshot (
  date_key integer NOT NULL,
  depot_key bigint NOT NULL,
  parcels integer NOT NULL,
  profile double precision[24],
  CONSTRAINT fact_stock_pk PRIMARY KEY (date_key, depot_key),
  CONSTRAINT fact_stock_date FOREIGN KEY (date_key) REFERENCES dw.dim_date ON DELETE CASCADE,
  CONSTRAINT fact_stock_depot FOREIGN KEY (depot_key) REFERENCES dw.dim_depot ON DELETE NO ACTION ON UPDATE RESTRICT
);
CREATE TABLE dw.aggregate (
  grain dw.grain NOT NULL,
  begins date NOT NULL,
  depot_key bigint,
  measures jsonb NOT NULL,
  features dw.cube,
  UNIQUE NULLS NOT DISTINCT (grain, begins, depot_key)
);
CREATE INDEX aggregate_features ON dw.aggregate USING gist (features);
CREATE TABLE dw.load_log (
  id bigserial PRIMARY KEY,
  batch_id bigint,
  began timestamptz DEFAULT transaction_timestamp() NOT NULL,
  took interval second(3),
  rows bigint DEFAULT 0,
  snapshot txid_snapshot DEFAULT txid_current_snapshot(),
  lsn pg_lsn
);
CREATE TABLE dw.forecast (
  depot_key bigint REFERENCES dw.dim_depot,
  day date,
  model varchar(30) DEFAULT 'naive',
  expected numeric,
  interval_low numeric,
  interval_high numeric,
  PRIMARY KEY (depot_key, day, model),
  CHECK ((expected >= interval_low) AND (expected <= interval_high))
);

CREATE TABLE dw.slowly_changing (
  entity text NOT NULL,
  key bigint NOT NULL,
  attribute text NOT NULL,
  valid tstzmultirange NOT NULL,
  value jsonb,
  CONSTRAINT slowly_changing_pk PRIMARY KEY (entity, key, attribute)
);
CREATE INDEX slowly_changing_valid ON dw.slowly_changing USING gist (valid multirange_ops) WHERE value <> 'null'::jsonb;
CREATE TABLE dw.comment_on_day (
  date_key integer PRIMARY KEY REFERENCES dw.dim_date ON DELETE CASCADE,
  author text DEFAULT CURRENT_ROLE NOT NULL,
  text text NOT NULL CONSTRAINT "says something" CHECK (btrim(text) <> '')
);

-- For eyes.
CREATE TABLE "Übersicht"."Kennzahl" (
  "Kürzel" varchar(12) PRIMARY KEY,
  "Bezeichnung" text NOT NULL COLLATE "de-x-icu",
  "Formel" text,
  "Grenze gelb" numeric,
  "Grenze rot" numeric,
  "100% = ""gut""" boolean DEFAULT true NOT NULL,
  CONSTRAINT "gelb vor rot" CHECK ("Grenze gelb" < "Grenze rot")
);
CREATE TABLE "Übersicht"."Wert" (
  "Kürzel" varchar(12) NOT NULL,
  "Tag" date NOT NULL,
  "Wert" numeric,
  "Ampel" "Übersicht"."Ampel" DEFAULT 'grün'::"Übersicht"."Ampel" NOT NULL,
  "frühere Ampeln" "Übersicht"."Ampel"[],
  CONSTRAINT "Wert_pkey" PRIMARY KEY ("Kürzel", "Tag"),
  CONSTRAINT "Wert → Kennzahl" FOREIGN KEY ("Kürzel") REFERENCES "Übersicht"."Kennzahl" ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX "Wert nach Ampel" ON "Übersicht"."Wert" ("Ampel" DESC, "Tag") WHERE "Ampel" > 'grün';
CREATE TABLE "Übersicht"."Zustellgründe_mit_einem_Namen_der_genau_63_Byte_lang_ist_äöü" (
  "SELECT" integer NOT NULL,
  "a.b" text,
  "it's ""quoted""" text DEFAULT 'äöü',
  "%s" numeric(3) UNIQUE,
  "tab	here" smallint,
  CONSTRAINT "Zustellgründe_mit_einem_Schlüssel_von_63_Byte_Länge_äöüäöüä" PRIMARY KEY ("SELECT")
);
COMMENT ON TABLE "Übersicht"."Zustellgründe_mit_einem_Namen_der_genau_63_Byte_lang_ist_äöü" IS $$mit "Anführungszeichen", it's \ 'and' $1$$;
COMMENT ON COLUMN "Übersicht"."Zustellgründe_mit_einem_Namen_der_genau_63_Byte_lang_ist_äöü"."a.b" IS 'ein Punkt
und ein Umbruch';
CREATE TABLE "Übersicht".empty ();

-- Changes of rows.
CREATE FUNCTION ops.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_RELID::regclass; END $$;
CREATE FUNCTION ops.announce() RETURNS trigger LANGUAGE plpgsql AS $_$
BEGIN
  PERFORM pg_notify('events', json_build_object('waybill', NEW.waybill, 'kind', NEW.kind)::text);
  RETURN NEW;
END
$_$;
CREATE FUNCTION dw.count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dw.load_log (rows) SELECT count(*) FROM fresh;
  RETURN NULL;
END
$$;
CREATE TRIGGER event_announce AFTER INSERT ON ops.event FOR EACH ROW
  WHEN (NEW.kind = ANY (ARRAY['delivered'::ops.event_kind, 'lost'])) EXECUTE FUNCTION ops.announce();
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON ops.event FOR EACH STATEMENT EXECUTE FUNCTION ops.refuse();
CREATE TRIGGER "01 count" AFTER INSERT ON dw.fact_parcel REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION dw.count_rows();
CREATE TRIGGER "02 count" AFTER INSERT ON dw.fact_tour REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION dw.count_rows();

CREATE FUNCTION dw.load_day(day date, OUT parcels bigint, OUT tours bigint) LANGUAGE plpgsql AS $$
BEGIN
  SELECT count(*) INTO parcels FROM dw.fact_parcel WHERE date_key = dw.date_key(day);
  SELECT count(*) INTO tours FROM dw.fact_tour WHERE date_key = dw.date_key(day);
END
$$;
CREATE FUNCTION dw.trend(VARIADIC numbers double precision[]) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT regr_slope(n, i) FROM unnest(numbers) WITH ORDINALITY AS t(n, i)
$$;
CREATE FUNCTION dw.trend(numbers jsonb) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT dw.trend(VARIADIC array_agg(e::double precision)) FROM jsonb_array_elements_text(numbers) e
$$;
CREATE PROCEDURE staging.clear(keep interval DEFAULT '7 days', dry_run boolean DEFAULT false) LANGUAGE plpgsql
  SET work_mem TO '64MB' AS $$
BEGIN
  IF NOT dry_run THEN
    DELETE FROM staging.batch WHERE received < now() - keep AND state = 'loaded';
  END IF;
END
$$;
CREATE PROCEDURE staging.clear(of_source text) LANGUAGE sql AS $$ DELETE FROM staging.source WHERE name = of_source $$;

CREATE VIEW ops.parcel_state AS
  SELECT DISTINCT ON (e.waybill, e.piece) e.waybill, e.piece, e.kind, e.at FROM ops.event e ORDER BY e.waybill, e.piece, e.at DESC;
CREATE VIEW ops.overdue AS
  SELECT w.number, w.customer_id, s.kind, now() - w.created_at AS age FROM ops.waybill w
    JOIN ops.parcel_state s ON s.waybill = w.number
  WHERE s.kind <> 'delivered' AND w.created_at < now() - CASE w.service WHEN 'express' THEN '1 day'::interval ELSE '3 days' END;
CREATE VIEW ops.overdue_by_customer WITH (security_invoker = true) AS
  SELECT c.name, count(*) AS parcels, max(o.age) AS oldest, array_agg(o.number ORDER BY o.age DESC) AS waybills
  FROM ops.overdue o JOIN ops.customer c ON c.id = o.customer_id GROUP BY c.id;
CREATE VIEW dw.monthly AS
  SELECT d.year, d.month, c.segment, sum(f.revenue) AS revenue, sum(f.margin) AS margin,
    sum(sum(f.revenue)) OVER (PARTITION BY d.year, c.segment ORDER BY d.month ROWS UNBOUNDED PRECEDING) AS revenue_so_far
  FROM dw.fact_parcel f JOIN dw.dim_date d ON d.key = f.date_key JOIN dw.dim_customer c ON c.key = f.customer_key
  GROUP BY d.year, d.month, c.segment;
CREATE MATERIALIZED VIEW dw.monthly_kept AS SELECT * FROM dw.monthly WHERE year >= 2020;
CREATE MATERIALIZED VIEW dw.segments AS SELECT DISTINCT segment FROM dw.monthly_kept WITH NO DATA;
CREATE VIEW "Übersicht"."Stand heute" AS
  SELECT k."Bezeichnung", w."Wert", COALESCE(w."Ampel", 'gelb') AS "Ampel"
  FROM "Übersicht"."Kennzahl" k LEFT JOIN LATERAL (SELECT * FROM "Übersicht"."Wert" v WHERE v."Kürzel" = k."Kürzel" ORDER BY v."Tag" DESC LIMIT 1) w ON true;
CREATE VIEW dw.lanes (origin, target, parcels) AS
  SELECT a.code, b.code, count(*) FROM dw.fact_parcel f, dw.dim_depot a, dw.dim_depot b
  WHERE f.from_depot = a.key AND f.to_depot = b.key GROUP BY CUBE (a.code, b.code)
  UNION ALL SELECT * FROM (VALUES (NULL::char(4), NULL::char(4), 0::bigint)) AS nowhere (a, b, n);

ALTER TABLE ops.claim ENABLE ROW LEVEL SECURITY;
CREATE POLICY undecided ON ops.claim FOR UPDATE TO pg_write_all_data USING (decided IS NULL);
CREATE POLICY readers ON ops.claim FOR SELECT TO pg_read_all_data, pg_monitor USING (true);
CREATE POLICY "small ones only" ON ops.claim AS RESTRICTIVE FOR INSERT WITH CHECK (amount < 10000);
ALTER TABLE "Übersicht"."Wert" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "Öffentlich" ON "Übersicht"."Wert" FOR SELECT USING ("Ampel" = 'grün');
