#include "tenancy/leak_zoo.hpp"

namespace capo::test {

// A line belongs to whom its note does, and a mark to whom its line.
const char* const kThroughSchema = R"sql(
SET ROLE zoo_owner;
CREATE TABLE lines (
  id uuid PRIMARY KEY DEFAULT md5(random()::text)::uuid,
  note_id uuid NOT NULL REFERENCES notes,
  other_id uuid,
  text text NOT NULL);
CREATE INDEX lines_note ON lines (note_id);
CREATE TABLE marks (
  id uuid PRIMARY KEY DEFAULT md5(random()::text)::uuid,
  line_id uuid NOT NULL REFERENCES lines);
CREATE INDEX marks_line ON marks (line_id);
CREATE POLICY lines_tenant ON lines TO zoo_app USING (note_id IN (SELECT id FROM notes));
CREATE POLICY marks_tenant ON marks TO zoo_app
  USING (EXISTS (SELECT FROM lines WHERE lines.id = marks.line_id));
ALTER TABLE lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE marks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON lines, marks TO zoo_app;
RESET ROLE;
INSERT INTO lines (note_id, text) SELECT id, 'line' FROM notes;
INSERT INTO marks (line_id) SELECT id FROM lines;
)sql";

const char* const kThroughDescription = R"ini([tenancy]
tenant_table = tenant
column = tenant_id
setting = app.tenant
owner = zoo_owner
app_role = zoo_app
maintenance_role = zoo_maint
tables = folders, notes, lines, marks
shared_tables = countries
[tenancy:lines]
through = note_id
[tenancy:marks]
through = line_id
)ini";

namespace {

constexpr Leak kLeaks[] = {
    // What keeps to the tenant, however it is written.
    {.checks = "",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM notes n JOIN folders f ON f.id = n.folder_id WHERE lines.note_id = n.id)))sql",
     .name = "EXISTS with a join"},
    {.checks = "",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM notes JOIN notes AS again USING (id) WHERE id = note_id)))sql",
     .name = "JOIN USING"},
    {.checks = "",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id IN (SELECT id FROM notes WHERE tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::integer))))sql",
     .name = "IN with the setting"},
    {.checks = "",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id = ANY (ARRAY(SELECT id FROM notes))))sql",
     .name = "ARRAY"},
    {.checks = "",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id IN (SELECT id FROM notes UNION SELECT id FROM notes)))sql",
     .name = "UNION"},
    {.checks = "",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (text <> '' AND note_id IN (SELECT id FROM notes)))sql",
     .name = "and something else"},
    // The parent lets nobody in, or everybody: that is said of the parent.
    {.checks = "TEN03",
     .mutation = R"sql(ALTER TABLE notes DISABLE ROW LEVEL SECURITY)sql",
     .name = "parent without row-level security"},
    {.checks = "TEN04",
     .mutation = R"sql(DROP POLICY notes_tenant ON notes)sql",
     .name = "parent without a policy"},
    {.checks = "TEN18",
     .mutation = R"sql(ALTER POLICY notes_tenant ON notes USING (true))sql",
     .name = "parent that lets all through"},
    // The child itself.
    {.checks = "TEN02",
     .mutation =
         R"sql(DROP POLICY lines_tenant ON lines; ALTER TABLE lines DISABLE ROW LEVEL SECURITY)sql"},
    {.checks = "TEN04", .mutation = R"sql(DROP POLICY lines_tenant ON lines)sql", .name = "none"},
    {.checks = "TEN04",
     .mutation = R"sql(DROP POLICY marks_tenant ON marks)sql",
     .name = "through two tables"},
    {.checks = "TEN15", .mutation = R"sql(DROP INDEX lines_note)sql"},
    {.checks = "TEN18",
     .mutation = R"sql(ALTER POLICY lines_tenant ON lines USING (true))sql",
     .name = "true"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (other_id IN (SELECT id FROM notes)))sql",
     .name = "another column of its own"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id IN (SELECT folder_id FROM notes)))sql",
     .name = "another column of the parent"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM notes WHERE notes.folder_id = note_id)))sql",
     .name = "another column of the parent, EXISTS"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM notes WHERE note_id IS NOT NULL)))sql",
     .name = "whoever has a note"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM notes WHERE notes.id <> note_id)))sql",
     .name = "all others"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM notes WHERE notes.id = note_id OR title = 'open')))sql",
     .name = "or"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT count(*) FROM notes WHERE notes.id = note_id)))sql",
     .name = "a sum of nothing is a row"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (EXISTS (SELECT FROM countries LEFT JOIN notes ON notes.id = note_id)))sql",
     .name = "a row that may be missing"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id NOT IN (SELECT id FROM notes)))sql",
     .remedy =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id IN (SELECT id FROM notes)))sql",
     .name = "not"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id <> ANY (SELECT id FROM notes)))sql",
     .name = "any other"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id IN (SELECT id FROM notes UNION SELECT md5(code)::uuid FROM countries)))sql",
     .name = "UNION with a table of nobody"},
    {.checks = "TEN18",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines USING (note_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid)))sql",
     .name = "the setting is no note"},
    {.checks = "TEN19",
     .mutation = R"sql(ALTER POLICY lines_tenant ON lines WITH CHECK (true))sql",
     .name = "true"},
    {.checks = "TEN19",
     .mutation =
         R"sql(ALTER POLICY lines_tenant ON lines WITH CHECK (EXISTS (SELECT FROM notes)))sql",
     .name = "whoever has a note"},
    {.checks = "TEN19",
     .mutation =
         R"sql(DROP POLICY lines_tenant ON lines; CREATE POLICY lines_read ON lines FOR SELECT TO zoo_app USING (note_id IN (SELECT id FROM notes)); CREATE POLICY lines_update ON lines FOR UPDATE TO zoo_app USING (note_id IN (SELECT id FROM notes)); CREATE POLICY lines_delete ON lines FOR DELETE TO zoo_app USING (note_id IN (SELECT id FROM notes)); CREATE POLICY lines_insert ON lines FOR INSERT TO zoo_app WITH CHECK (note_id IS NOT NULL))sql",
     .name = "insert alone"},
};

}  // namespace

std::span<const Leak> leaks_through() { return kLeaks; }

}  // namespace capo::test
