-- A recording studio: songs and takes, sessions and rooms, gear, contracts and royalties. For SQLite.

CREATE TABLE artist (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE,
  sort_name TEXT GENERATED ALWAYS AS (CASE WHEN name LIKE 'the %' THEN substr(name, 5) || ', The' ELSE name END) STORED,
  born DATE,
  died DATE,
  is_band BOOLEAN NOT NULL DEFAULT 0 CHECK (is_band IN (0, 1)),
  country CHAR(2),
  CONSTRAINT ck_artist_dates CHECK (died IS NULL OR born <= died),
  CONSTRAINT uq_artist_name UNIQUE (name, born)
);
CREATE INDEX ix_artist_sort ON artist (sort_name COLLATE NOCASE, born DESC);
CREATE TABLE band_member (
  band_id INTEGER NOT NULL REFERENCES artist ON DELETE CASCADE,
  member_id INTEGER NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
  instrument TEXT NOT NULL DEFAULT 'vocals',
  since DATE NOT NULL,
  until DATE,
  PRIMARY KEY (band_id, member_id, instrument, since),
  CHECK (band_id <> member_id)
) WITHOUT ROWID;
CREATE TABLE genre (
  id INTEGER PRIMARY KEY,
  name VARCHAR(40) NOT NULL UNIQUE,
  parent_id INTEGER REFERENCES genre ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE TABLE artist_genre (
  artist_id INTEGER NOT NULL REFERENCES artist ON DELETE CASCADE,
  genre_id INTEGER NOT NULL REFERENCES genre ON DELETE CASCADE,
  weight REAL NOT NULL DEFAULT 1.0,
  CONSTRAINT pk_artist_genre PRIMARY KEY (artist_id, genre_id)
);
CREATE TABLE song (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  key TEXT CHECK (key IN ('C', 'Cm', 'D', 'Dm', 'E', 'Em', 'F', 'Fm', 'G', 'Gm', 'A', 'Am', 'B', 'Bm')),
  beats_per_minute SMALLINT,
  seconds_of_beat REAL GENERATED ALWAYS AS (60.0 / beats_per_minute) VIRTUAL,
  lyrics TEXT DEFAULT '',
  iswc CHAR(15),
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT ck_song_tempo CHECK (beats_per_minute BETWEEN 20 AND 400)
);
CREATE UNIQUE INDEX uq_song_iswc ON song (iswc) WHERE iswc IS NOT NULL;
CREATE INDEX ix_song_title ON song (lower(title), length(lyrics) DESC);
CREATE TABLE song_author (
  song_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  role TEXT NOT NULL,
  share NUMERIC(5, 2) NOT NULL DEFAULT 100.00,
  PRIMARY KEY (song_id, artist_id, role),
  CONSTRAINT fk_author_song FOREIGN KEY (song_id) REFERENCES song (id) ON DELETE CASCADE,
  CONSTRAINT fk_author_artist FOREIGN KEY (artist_id) REFERENCES artist (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE chord (
  song_id INTEGER NOT NULL REFERENCES song ON DELETE CASCADE,
  bar INTEGER NOT NULL,
  beat INTEGER NOT NULL DEFAULT 1,
  symbol TEXT NOT NULL,
  PRIMARY KEY (song_id, bar, beat)
) STRICT, WITHOUT ROWID;
CREATE TABLE arrangement (
  song_id INTEGER NOT NULL REFERENCES song,
  version INTEGER NOT NULL DEFAULT 1,
  by INTEGER REFERENCES artist ON DELETE SET NULL,
  score BLOB,
  meta JSON NOT NULL DEFAULT '{}',
  title TEXT AS (json_extract(meta, '$.title')),
  PRIMARY KEY (song_id, version),
  CHECK (json_valid(meta))
);
CREATE INDEX ix_arrangement_title ON arrangement (title) WHERE title IS NOT NULL;

-- Rooms, gear, sessions.
CREATE TABLE room (
  code TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  square_metres REAL,
  reverb_seconds DECIMAL(4, 2) DEFAULT 0.35
) WITHOUT ROWID;
CREATE TABLE room_photo (
  room TEXT NOT NULL REFERENCES room ON UPDATE CASCADE ON DELETE CASCADE,
  taken DATETIME,
  jpeg BLOB NOT NULL
);
CREATE TABLE gear_kind (
  kind TEXT PRIMARY KEY NOT NULL,
  description TEXT
) STRICT;
CREATE TABLE gear (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL REFERENCES gear_kind ON UPDATE CASCADE,
  maker TEXT NOT NULL,
  model TEXT NOT NULL,
  serial TEXT,
  bought DATE DEFAULT CURRENT_DATE,
  price NUMERIC(10, 2),
  room TEXT REFERENCES room ON UPDATE CASCADE ON DELETE SET NULL,
  parts_of INTEGER,
  UNIQUE (maker, model, serial),
  FOREIGN KEY (parts_of) REFERENCES gear (id)
);
CREATE INDEX ix_gear_room ON gear (room, kind);
CREATE INDEX ix_gear_expensive ON gear (price DESC) WHERE price > 1000 AND serial IS NOT NULL;
CREATE TABLE microphone (
  gear_id INTEGER PRIMARY KEY REFERENCES gear ON DELETE CASCADE,
  pattern TEXT NOT NULL DEFAULT 'cardioid',
  phantom_power INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE cable (
  "from" INTEGER NOT NULL REFERENCES gear,
  "to" INTEGER NOT NULL REFERENCES gear,
  "length in m" REAL NOT NULL CHECK ("length in m" > 0),
  PRIMARY KEY ("from", "to")
) WITHOUT ROWID;
CREATE TABLE maintenance (
  gear_id INTEGER NOT NULL REFERENCES gear ON DELETE CASCADE,
  done DATE NOT NULL DEFAULT (date('now')),
  what TEXT NOT NULL,
  cost NUMERIC DEFAULT 0,
  next DATE GENERATED ALWAYS AS (date(done, '+1 year')) VIRTUAL
);
CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT COLLATE NOCASE,
  phone VARCHAR(30),
  vat_number TEXT,
  notes CLOB,
  UNIQUE (email)
);
CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customer ON DELETE RESTRICT,
  room TEXT NOT NULL REFERENCES room ON UPDATE CASCADE,
  begins DATETIME NOT NULL,
  ends DATETIME NOT NULL,
  engineer_id INTEGER,
  state TEXT NOT NULL DEFAULT 'booked',
  hours REAL GENERATED ALWAYS AS ((julianday(ends) - julianday(begins)) * 24) STORED,
  CONSTRAINT ck_session_order CHECK (begins < ends),
  CONSTRAINT ck_session_state CHECK (state IN ('booked', 'running', 'done', 'cancelled')),
  CONSTRAINT fk_session_engineer FOREIGN KEY (engineer_id) REFERENCES engineer (id) ON DELETE SET NULL
);
CREATE INDEX ix_session_room ON session (room, begins);
CREATE UNIQUE INDEX uq_session_running ON session (room) WHERE state = 'running';
-- In a circle: who is on call, and who records.
CREATE TABLE engineer (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hourly_rate NUMERIC(6, 2) NOT NULL DEFAULT 60,
  current_session INTEGER REFERENCES session ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  stands_in_for INTEGER REFERENCES engineer
);
CREATE TABLE engineer_skill (
  engineer_id INTEGER NOT NULL REFERENCES engineer ON DELETE CASCADE,
  skill TEXT NOT NULL COLLATE NOCASE,
  level INTEGER NOT NULL DEFAULT 3 CHECK (level BETWEEN 1 AND 5),
  PRIMARY KEY (engineer_id, skill)
);
CREATE TABLE session_gear (
  session_id INTEGER NOT NULL,
  gear_id INTEGER NOT NULL,
  channel INTEGER,
  settings TEXT,
  PRIMARY KEY (session_id, gear_id),
  UNIQUE (session_id, channel),
  FOREIGN KEY (session_id) REFERENCES session ON DELETE CASCADE,
  FOREIGN KEY (gear_id) REFERENCES gear ON DELETE NO ACTION
);
CREATE TABLE take (
  session_id INTEGER NOT NULL REFERENCES session,
  number INTEGER NOT NULL,
  song_id INTEGER REFERENCES song ON DELETE SET NULL,
  seconds REAL NOT NULL,
  is_keeper BOOLEAN NOT NULL DEFAULT FALSE,
  comment TEXT,
  PRIMARY KEY (session_id, number)
);
CREATE INDEX ix_take_song ON take (song_id, seconds) WHERE is_keeper;
CREATE TABLE track (
  session_id INTEGER NOT NULL,
  take INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  file TEXT NOT NULL,
  sample_rate INTEGER NOT NULL DEFAULT 48000,
  bits INTEGER NOT NULL DEFAULT 24 CHECK (bits IN (16, 24, 32)),
  bytes BIGINT,
  sha256 BLOB CHECK (length(sha256) = 32),
  PRIMARY KEY (session_id, take, channel),
  FOREIGN KEY (session_id, take) REFERENCES take (session_id, number) ON UPDATE CASCADE ON DELETE CASCADE
) WITHOUT ROWID;
CREATE UNIQUE INDEX uq_track_file ON track (file COLLATE NOCASE);
CREATE TABLE marker (
  session_id INTEGER NOT NULL,
  take INTEGER NOT NULL,
  at REAL NOT NULL,
  text TEXT NOT NULL,
  colour TEXT DEFAULT '#ff0000',
  FOREIGN KEY (session_id, take) REFERENCES take
);
CREATE INDEX ix_marker ON marker (session_id, take, at);
CREATE TABLE mix (
  id INTEGER PRIMARY KEY,
  song_id INTEGER NOT NULL REFERENCES song,
  version TEXT NOT NULL DEFAULT 'rough',
  made DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M', 'now')),
  loudness REAL DEFAULT -14.0,
  peak REAL DEFAULT (-1.0 + 0.5),
  approved_by INTEGER REFERENCES customer,
  UNIQUE (song_id, version)
);
CREATE TABLE mix_track (
  mix_id INTEGER NOT NULL REFERENCES mix ON DELETE CASCADE,
  session_id INTEGER NOT NULL,
  take INTEGER NOT NULL,
  channel INTEGER NOT NULL,
  gain REAL NOT NULL DEFAULT 0,
  pan INTEGER NOT NULL DEFAULT 0 CHECK (pan BETWEEN -100 AND 100),
  PRIMARY KEY (mix_id, session_id, take, channel),
  FOREIGN KEY (session_id, take, channel) REFERENCES track
);
CREATE TABLE effect (
  mix_id INTEGER NOT NULL REFERENCES mix ON DELETE CASCADE,
  position INTEGER NOT NULL,
  plugin TEXT NOT NULL,
  parameters JSON,
  is_bypassed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (mix_id, position)
);
CREATE INDEX ix_effect_plugin ON effect (json_extract(parameters, '$.preset'), plugin);

-- Albums and money.
CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  isrc_prefix CHAR(5) UNIQUE
);
CREATE TABLE album (
  id INTEGER PRIMARY KEY,
  artist_id INTEGER NOT NULL REFERENCES artist,
  label_id INTEGER REFERENCES label,
  title TEXT NOT NULL,
  released DATE,
  ean TEXT,
  CONSTRAINT uq_album UNIQUE (artist_id, title, released)
);
CREATE TABLE album_song (
  album_id INTEGER NOT NULL REFERENCES album ON DELETE CASCADE,
  disc INTEGER NOT NULL DEFAULT 1,
  position INTEGER NOT NULL,
  mix_id INTEGER NOT NULL REFERENCES mix,
  isrc CHAR(12),
  PRIMARY KEY (album_id, disc, position)
);
CREATE UNIQUE INDEX uq_album_song_isrc ON album_song (upper(isrc));
CREATE TABLE release_format (
  album_id INTEGER NOT NULL REFERENCES album,
  format TEXT NOT NULL CHECK (format IN ('LP', 'CD', 'file', 'it''s a tape')),
  price NUMERIC(8, 2) NOT NULL,
  PRIMARY KEY (album_id, format)
) WITHOUT ROWID;
CREATE TABLE contract (
  id INTEGER PRIMARY KEY,
  artist_id INTEGER NOT NULL REFERENCES artist,
  label_id INTEGER NOT NULL REFERENCES label,
  begins DATE NOT NULL,
  ends DATE,
  percent NUMERIC(5, 2) NOT NULL CHECK (percent > 0 AND percent < 100),
  advance NUMERIC(12, 2) DEFAULT (0)
);
CREATE UNIQUE INDEX uq_contract_open ON contract (artist_id) WHERE ends IS NULL;
CREATE TABLE sale (
  album_id INTEGER NOT NULL,
  format TEXT NOT NULL,
  month TEXT NOT NULL CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'),
  country CHAR(2) NOT NULL DEFAULT 'DE',
  units INTEGER NOT NULL,
  revenue NUMERIC(14, 2) NOT NULL,
  revenue_per_unit NUMERIC GENERATED ALWAYS AS (CASE units WHEN 0 THEN NULL ELSE revenue / units END) VIRTUAL,
  PRIMARY KEY (album_id, format, month, country),
  FOREIGN KEY (album_id, format) REFERENCES release_format (album_id, format)
);
CREATE TABLE stream (
  mix_id INTEGER NOT NULL REFERENCES mix,
  platform TEXT NOT NULL,
  day DATE NOT NULL,
  plays INTEGER NOT NULL,
  PRIMARY KEY (mix_id, platform, day)
);
CREATE TABLE royalty (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contract_id INTEGER NOT NULL REFERENCES contract ON DELETE CASCADE,
  quarter TEXT NOT NULL,
  amount NUMERIC(12, 2) NOT NULL DEFAULT 0.00,
  paid DATETIME,
  UNIQUE (contract_id, quarter)
);
CREATE TABLE invoice (
  number TEXT PRIMARY KEY NOT NULL,
  session_id INTEGER UNIQUE REFERENCES session,
  customer_id INTEGER NOT NULL REFERENCES customer,
  issued DATE NOT NULL DEFAULT CURRENT_DATE,
  total NUMERIC(12, 2) NOT NULL DEFAULT 0,
  vat NUMERIC(12, 2) GENERATED ALWAYS AS (round(total * 0.19, 2)) STORED,
  CHECK (number GLOB 'R[0-9]*')
);
CREATE TABLE invoice_line (
  invoice TEXT NOT NULL REFERENCES invoice ON UPDATE CASCADE ON DELETE CASCADE,
  line INTEGER NOT NULL,
  text TEXT NOT NULL,
  quantity REAL NOT NULL DEFAULT 1,
  price NUMERIC(10, 2) NOT NULL,
  PRIMARY KEY (invoice, line)
);
CREATE TABLE payment (
  invoice TEXT NOT NULL REFERENCES invoice,
  paid DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  amount NUMERIC(12, 2) NOT NULL
);
CREATE TABLE "Gästebuch" (
  "Nr." INTEGER PRIMARY KEY,
  "wer?" TEXT NOT NULL DEFAULT 'jemand',
  "was ""genau""" TEXT,
  [when] DATETIME,
  `order` INTEGER
);
CREATE INDEX "nach Größe" ON "Gästebuch" ("order" DESC, "wer?" COLLATE RTRIM);
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;
CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "table" TEXT NOT NULL,
  row INTEGER,
  old TEXT,
  new TEXT
);
CREATE TABLE untyped (a, b DEFAULT 1, c UNIQUE, d NOT NULL DEFAULT 'x', e DEFAULT x'00ff', f DEFAULT -1.5e3, g DEFAULT NULL);

CREATE VIEW running AS
  SELECT s.id, s.room, c.name AS customer, e.name AS engineer
  FROM session s JOIN customer c ON c.id = s.customer_id LEFT JOIN engineer e ON e.id = s.engineer_id
  WHERE s.state = 'running';
CREATE VIEW running_late AS SELECT r.*, s.ends FROM running r JOIN session s USING (id) WHERE s.ends < datetime('now');
CREATE VIEW song_time AS
  SELECT g.title AS song, count(*) AS takes, round(sum(t.seconds) / 60, 1) AS minutes FROM take t JOIN song g ON g.id = t.song_id GROUP BY g.id HAVING count(*) > 1;
CREATE VIEW best_month AS
  SELECT album_id, month, revenue, rank() OVER (PARTITION BY album_id ORDER BY revenue DESC) AS place FROM sale;
CREATE VIEW genre_tree AS
  WITH RECURSIVE tree(id, path) AS (
    SELECT id, name FROM genre WHERE parent_id IS NULL
    UNION ALL SELECT g.id, tree.path || ' / ' || g.name FROM genre g JOIN tree ON tree.id = g.parent_id)
  SELECT * FROM tree;
CREATE VIEW "Was ""kommt""" AS SELECT begins AS "wann", room AS "wo" FROM session WHERE state = 'booked' ORDER BY 1;

CREATE TRIGGER session_room_free BEFORE INSERT ON session
WHEN EXISTS (SELECT 1 FROM session s WHERE s.room = NEW.room AND s.begins < NEW.ends AND NEW.begins < s.ends AND s.state <> 'cancelled')
BEGIN
  SELECT raise(ABORT, 'the room is taken; choose another');
END;
CREATE TRIGGER invoice_total_insert AFTER INSERT ON invoice_line
BEGIN
  UPDATE invoice SET total = total + NEW.quantity * NEW.price WHERE number = NEW.invoice;
END;
CREATE TRIGGER invoice_total_update AFTER UPDATE OF quantity, price ON invoice_line FOR EACH ROW
WHEN OLD.quantity * OLD.price <> NEW.quantity * NEW.price
BEGIN
  UPDATE invoice SET total = total - OLD.quantity * OLD.price WHERE number = OLD.invoice;
  UPDATE invoice SET total = total + NEW.quantity * NEW.price WHERE number = NEW.invoice;
END;
CREATE TRIGGER invoice_total_delete AFTER DELETE ON invoice_line
BEGIN
  UPDATE invoice SET total = total - OLD.quantity * OLD.price WHERE number = OLD.invoice;
END;
CREATE TRIGGER running_stops INSTEAD OF DELETE ON running
BEGIN
  UPDATE session SET state = 'done', ends = CURRENT_TIMESTAMP WHERE id = OLD.id;
END;
CREATE TRIGGER gear_change AFTER UPDATE ON gear
BEGIN
  INSERT INTO change ("table", row, old, new) VALUES ('gear', OLD.id, json_object('room', OLD.room), json_object('room', NEW.room));
END;
