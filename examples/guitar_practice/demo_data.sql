-- Demo data in the single-user shape (revision 000): the same rows every time, on PostgreSQL and on SQLite.
-- One person's practice library, built up over a year: 340 items, 12 routines, 160 chord charts, 408 common chords.
--
-- Nothing here is taken from anybody's database; the songs are traditional.

INSERT INTO ab_user (id, first_name, last_name, username, password, active, email, created_on, changed_on, login_count)
VALUES (1, 'Ada', 'Min', 'admin', NULL, true, 'admin@example.com', '2024-01-06 09:00:00', '2024-01-06 09:00:00', 212);

-- Technique: 20 exercises in 12 keys. `item_id` is the number that the old spreadsheet gave.
INSERT INTO items (item_id, title, notes, duration, description, "order", tuning, songbook, created_at, updated_at)
SELECT CAST(100 + 12 * exercise.column1 + root.column1 AS text),
       exercise.column2 || ' in ' || root.column2,
       CASE WHEN root.column1 % 3 = 0 THEN 'Slowly; clean before fast.' END,
       exercise.column3,
       exercise.column4,
       12 * exercise.column1 + root.column1,
       CASE WHEN exercise.column1 % 7 = 6 THEN 'DADGBE' ELSE 'EADGBE' END,
       NULL,
       '2024-01-06 09:00:00',
       '2024-01-06 09:00:00'
FROM (VALUES (0, 'Major scale, open position', '5:00', 'Alternate picking, two octaves.'),
             (1, 'Major scale, three notes a string', '5:00', 'Even eighths with a metronome.'),
             (2, 'Natural minor scale', '5:00', 'Say the degrees aloud.'),
             (3, 'Harmonic minor scale', '5:00', 'Listen for the raised seventh.'),
             (4, 'Minor pentatonic, position 1', '4:00', 'Bends to pitch.'),
             (5, 'Minor pentatonic, position 2', '4:00', 'Connect with position 1.'),
             (6, 'Power chord riff', '6:00', 'Palm muted, low string tuned down.'),
             (7, 'Major pentatonic', '4:00', 'Against a drone.'),
             (8, 'Blues scale', '6:00', 'Twelve bars, one chorus each.'),
             (9, 'Mixolydian mode', '5:00', NULL),
             (10, 'Dorian mode', '5:00', NULL),
             (11, 'Triads on the top three strings', '8:00', 'All inversions, up and down.'),
             (12, 'Seventh chords, drop 2', '8:00', 'Around the circle of fifths.'),
             (13, 'Single-note drone in dropped D', '6:00', NULL),
             (14, 'Arpeggio, major seventh', '5:00', NULL),
             (15, 'Arpeggio, minor seventh', '5:00', NULL),
             (16, 'Arpeggio, dominant seventh', '5:00', NULL),
             (17, 'Octaves along the neck', '3:00', 'Mute what is between.'),
             (18, 'Travis picking', '10:00', 'Thumb alternates; melody on top.'),
             (19, 'II-V-I, three voicings', '10:00', 'Voice leading: move the least.')) AS exercise
CROSS JOIN (VALUES (0, 'C'), (1, 'G'), (2, 'D'), (3, 'A'), (4, 'E'), (5, 'B'), (6, 'F♯'), (7, 'D♭'), (8, 'A♭'), (9, 'E♭'),
                   (10, 'B♭'), (11, 'F')) AS root
ORDER BY 12 * exercise.column1 + root.column1;

-- Songs: 20 traditionals, five ways each.
INSERT INTO items (item_id, title, notes, duration, description, "order", tuning, songbook, created_at, updated_at)
SELECT CAST(400 + 5 * song.column1 + part.column1 AS text),
       song.column2 || ': ' || part.column2,
       NULL,
       part.column3,
       CASE WHEN part.column1 = 4 THEN 'Don''t stop for mistakes.' END,
       240 + 5 * song.column1 + part.column1,
       song.column3,
       'Songs everybody knows, p. ' || CAST(2 * song.column1 + 4 AS text),
       '2024-03-02 18:30:00',
       '2024-03-02 18:30:00'
FROM (VALUES (0, 'Amazing Grace', 'EADGBE'), (1, 'Auld Lang Syne', 'EADGBE'), (2, 'Barbara Allen', 'DADGAD'),
             (3, 'Danny Boy', 'DADGAD'), (4, 'Down by the Riverside', 'EADGBE'), (5, 'Greensleeves', 'EADGBE'),
             (6, 'House of the Rising Sun', 'EADGBE'), (7, 'John Henry', 'DGDGBD'), (8, 'Loch Lomond', 'DADGAD'),
             (9, 'Matty Groves', 'DADGAD'), (10, 'Oh Shenandoah', 'EADGBE'), (11, 'Scarborough Fair', 'EADGBE'),
             (12, 'Shady Grove', 'DGDGBD'), (13, 'She Moved Through the Fair', 'DADGAD'),
             (14, 'Spanish Romance', 'EADGBE'), (15, 'St. James Infirmary', 'EADGBE'),
             (16, 'Swing Low, Sweet Chariot', 'EADGBE'), (17, 'The Water Is Wide', 'EADGBE'),
             (18, 'Wayfaring Stranger', 'EADGBE'), (19, 'When the Saints Go Marching In', 'EADGBE')) AS song
CROSS JOIN (VALUES (0, 'chords', '5:00'), (1, 'melody', '10:00'), (2, 'fingerstyle arrangement', '15:00'),
                   (3, 'improvised chorus', '10:00'), (4, 'from memory', '5:00')) AS part
ORDER BY 5 * song.column1 + part.column1;

INSERT INTO routines (name, created_at, "order")
VALUES ('Warm-up', '2024-01-07 08:00:00', 0),
       ('Scales I', '2024-01-07 08:05:00', 1),
       ('Scales II', '2024-01-07 08:10:00', 2),
       ('Blues night', '2024-02-11 20:00:00', 3),
       ('Jazz chords', '2024-02-18 20:00:00', 4),
       ('Arpeggios', '2024-03-03 10:00:00', 5),
       ('Fingerstyle', '2024-03-10 10:00:00', 6),
       ('Songs for the campfire', '2024-05-01 17:00:00', 7),
       ('Songs in DADGAD', '2024-06-14 17:00:00', 8),
       ('Twenty minutes', '2024-08-20 07:30:00', 9),
       ('Before a gig', '2024-10-02 16:00:00', 10),
       ('Sunday, everything', '2024-12-01 11:00:00', 11);

-- Ten items each, so far apart that the routines overlap; what is done today is ticked.
INSERT INTO routine_items (routine_id, item_id, "order", completed, created_at)
SELECT routines.id, items.id, place.column1, place.column1 < 4, routines.created_at
FROM routines
CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS place
JOIN items ON items."order" = (29 * routines."order" + 13 * place.column1) % 340
ORDER BY routines."order", place.column1;

INSERT INTO active_routine (routine_id, updated_at)
SELECT id, '2024-12-29 11:00:00' FROM routines WHERE name = 'Twenty minutes';

-- Eight charts a song. The first four belong to the chords and to the version from memory, so they carry two ids.
-- json(…) is a cast on PostgreSQL and a function of SQLite.
INSERT INTO chord_charts (item_id, title, chord_data, created_at, order_col)
SELECT CASE WHEN chord.column1 < 4
            THEN songs.item_id || ', ' || CAST(CAST(songs.item_id AS integer) + 4 AS text)
            ELSE songs.item_id END,
       chord.column2,
       json('{"tuning": "' || songs.tuning || '", "startingFret": 1, "numFrets": 5, "fingers": ' || chord.column3
            || ', "barres": [], "sectionLabel": "' || CASE WHEN chord.column1 < 4 THEN 'Verse' ELSE 'Chorus' END || '"}'),
       '2024-03-02 19:00:00',
       chord.column1
FROM items AS songs
CROSS JOIN (VALUES (0, 'G', '[[6, 3], [5, 2], [1, 3]]'), (1, 'C', '[[5, 3], [4, 2], [2, 1]]'),
                   (2, 'D', '[[3, 2], [2, 3], [1, 2]]'), (3, 'Em', '[[5, 2], [4, 2]]'),
                   (4, 'Am', '[[4, 2], [3, 2], [2, 1]]'), (5, 'E7', '[[5, 2], [3, 1]]'),
                   (6, 'A7', '[[4, 2], [2, 2]]'), (7, 'D7', '[[3, 2], [2, 1], [1, 2]]')) AS chord
WHERE songs.title LIKE '%: chords'
ORDER BY songs."order", chord.column1;

-- The shared library: 34 movable shapes in 12 keys. A shape on string 6 begins at the fret of E, on string 5 at that of A.
INSERT INTO common_chords (id, type, name, chord_data, created_at, order_col)
SELECT 1 + 34 * root.column1 + shape.column1,
       shape.column2,
       root.column2 || shape.column3,
       json('{"root": "' || root.column2 || '", "bass": ' || CAST(shape.column4 AS text) || ', "startingFret": '
            || CAST(CASE shape.column4 WHEN 6 THEN root.column3 WHEN 5 THEN (root.column3 + 7) % 12
                    ELSE (root.column3 + 2) % 12 END AS text)
            || ', "frets": ' || shape.column5 || '}'),
       '2024-01-06 09:00:00',
       34 * root.column1 + shape.column1
FROM (VALUES (0, 'A', 5), (1, 'B♭', 6), (2, 'B', 7), (3, 'C', 8), (4, 'D♭', 9), (5, 'D', 10), (6, 'E♭', 11), (7, 'E', 0),
             (8, 'F', 1), (9, 'F♯', 2), (10, 'G', 3), (11, 'A♭', 4)) AS root
CROSS JOIN (VALUES (0, 'major', '', 6, '[0, 2, 2, 1, 0, 0]'), (1, 'major', '', 5, '[null, 0, 2, 2, 2, 0]'),
                   (2, 'major', '', 4, '[null, null, 0, 2, 3, 2]'), (3, 'minor', 'm', 6, '[0, 2, 2, 0, 0, 0]'),
                   (4, 'minor', 'm', 5, '[null, 0, 2, 2, 1, 0]'), (5, 'minor', 'm', 4, '[null, null, 0, 2, 3, 1]'),
                   (6, 'seventh', '7', 6, '[0, 2, 0, 1, 0, 0]'), (7, 'seventh', '7', 5, '[null, 0, 2, 0, 2, 0]'),
                   (8, 'seventh', '7', 4, '[null, null, 0, 2, 1, 2]'), (9, 'minor seventh', 'm7', 6, '[0, 2, 0, 0, 0, 0]'),
                   (10, 'minor seventh', 'm7', 5, '[null, 0, 2, 0, 1, 0]'),
                   (11, 'minor seventh', 'm7', 4, '[null, null, 0, 2, 1, 1]'),
                   (12, 'major seventh', 'maj7', 6, '[0, null, 1, 1, 0, null]'),
                   (13, 'major seventh', 'maj7', 5, '[null, 0, 2, 1, 2, 0]'),
                   (14, 'major seventh', 'maj7', 4, '[null, null, 0, 2, 2, 2]'),
                   (15, 'sixth', '6', 6, '[0, null, 2, 1, 2, null]'), (16, 'sixth', '6', 5, '[null, 0, 2, 2, 2, 2]'),
                   (17, 'sixth', '6', 4, '[null, null, 0, 2, 0, 2]'), (18, 'minor sixth', 'm6', 6, '[0, null, 2, 0, 2, 0]'),
                   (19, 'minor sixth', 'm6', 5, '[null, 0, 2, 2, 1, 2]'), (20, 'ninth', '9', 6, '[0, 2, 0, 1, 0, 2]'),
                   (21, 'ninth', '9', 5, '[null, 1, 0, 1, 1, 1]'), (22, 'suspended', 'sus4', 6, '[0, 2, 2, 2, 0, 0]'),
                   (23, 'suspended', 'sus4', 5, '[null, 0, 2, 2, 3, 0]'),
                   (24, 'suspended', 'sus4', 4, '[null, null, 0, 2, 3, 3]'),
                   (25, 'suspended', 'sus2', 5, '[null, 0, 2, 2, 0, 0]'),
                   (26, 'suspended', 'sus2', 4, '[null, null, 0, 2, 3, 0]'),
                   (27, 'diminished', 'dim7', 5, '[null, 0, 1, 2, 1, 2]'),
                   (28, 'diminished', 'dim7', 4, '[null, null, 0, 1, 0, 1]'),
                   (29, 'half diminished', 'm7♭5', 6, '[0, null, 0, 0, -1, null]'),
                   (30, 'half diminished', 'm7♭5', 5, '[null, 0, 1, 0, 1, null]'),
                   (31, 'augmented', '+', 5, '[null, 0, 3, 2, 2, 1]'),
                   (32, 'power', '5', 6, '[0, 2, 2, null, null, null]'),
                   (33, 'power', '5', 5, '[null, 0, 2, 2, null, null]')) AS shape
ORDER BY root.column1, shape.column1;
