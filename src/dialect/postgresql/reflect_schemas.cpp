// What belongs to extensions, comments, extensions themselves, enums and sequences.

#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_types.hpp"

namespace capo::dialect::postgresql {
namespace {

void take_members(Catalog& catalog, const Result& answer) {
  catalog.extension_members.reserve(answer.rows.size());
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid of = cell.oid();
    catalog.extension_members.insert({of, cell.oid(), 0});
  }
}

void take_comments(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    Address address;
    address.catalog = cell.oid();
    address.object = cell.oid();
    address.part = static_cast<int>(cell.number());
    catalog.comments.emplace(address, cell.text());
  }
}

void take_extensions(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    Extension extension;
    const Oid oid = cell.oid();
    extension.name = cell.text();
    const Oid schema = cell.oid();
    extension.version = cell.text();
    const bool is_newest = cell.flag();
    const bool chooses_schema = cell.flag();
    if (chooses_schema) extension.schema = catalog.schema_name(schema);
    if (is_newest) extension.version.clear();
    catalog.described.emplace(Address{kExtensions, oid, 0}, schema::describe(extension));
    catalog.result.schema.extensions.push_back(std::move(extension));
  }
}

void take_enums(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    EnumType type;
    const Oid oid = cell.oid();
    catalog.elements.emplace(cell.oid(), oid);
    type.schema = catalog.schema_name(cell.oid());
    type.name = cell.text();
    type.values = cell.items();
    const bool is_read = cell.flag();
    const bool has_grants = cell.flag();
    if (is_read && !catalog.is_of_extension(kTypes, oid)) {
      const std::string described = schema::describe(type);
      catalog.described.emplace(Address{kTypes, oid, 0}, described);
      catalog.lose_comment(described, kTypes, oid);
      catalog.lose_if(has_grants, "grants on " + described, {});
      catalog.result.schema.enums.push_back(type);
    }
    catalog.enums.emplace(oid, std::move(type));
  }
}

// Only what differs from what the database takes for a sequence of `type` if nothing is said.
SequenceOptions read_options(Cells& cell, const std::string& type) {
  const SequenceBounds bounds = bounds_of(type_of(type).kind);
  const long long start = cell.number();
  const long long increment = cell.number();
  const long long high = cell.number();
  const long long low = cell.number();
  const long long cache = cell.number();
  SequenceOptions options;
  options.cycle = cell.flag();
  const bool up = increment > 0;
  if (increment != 1) options.increment = increment;
  if (low != (up ? 1 : bounds.low)) options.min_value = low;
  if (high != (up ? bounds.high : -1)) options.max_value = high;
  if (start != (up ? low : high)) options.start = start;
  if (cache != 1) options.cache = cache;
  return options;
}

void take_sequences(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid oid = cell.oid();
    SequenceRow read;
    read.sequence.schema = catalog.schema_name(cell.oid());
    read.sequence.name = cell.text();
    read.printed = cell.text();
    read.type = cell.text();
    read.owner = cell.oid();
    read.column = static_cast<int>(cell.number());
    read.is_identity = cell.letter() == 'i';
    const bool is_unlogged = cell.letter() == 'u';
    const bool has_grants = cell.flag();
    // A sequence by itself is bigint, or cannot say what it is.
    read.sequence.options = read_options(cell, read.type);
    read.is_plain = read.sequence.options == SequenceOptions();
    if (catalog.is_of_extension(kRelations, oid)) continue;
    const std::string described = schema::describe(read.sequence);
    catalog.lose_comment(described, kRelations, oid);
    catalog.lose_if(has_grants, "grants on " + described, {});
    catalog.lose_if(is_unlogged && read.owner == 0, described, "UNLOGGED");
    if (read.owner != 0) catalog.owned_sequences.emplace(column_key(read.owner, read.column), oid);
    catalog.sequences.emplace(oid, std::move(read));
  }
}

std::string sequence_query() {
  return "SELECT s.seqrelid, c.relnamespace, c.relname, pg_catalog.quote_literal("
         "s.seqrelid::pg_catalog.regclass::text), pg_catalog.format_type(s.seqtypid, NULL), "
         "d.refobjid, d.refobjsubid, d.deptype, c.relpersistence, c.relacl <> "
         "pg_catalog.acldefault('s', c.relowner), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, "
         "s.seqcache, s.seqcycle FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid "
         "= s.seqrelid LEFT JOIN pg_catalog.pg_depend d ON d.classid = 1259 AND d.objid = "
         "s.seqrelid AND d.objsubid = 0 AND d.refclassid = 1259 AND d.deptype IN ('a', 'i') WHERE "
         "c.relnamespace = ANY ($1::oid[])";
}

}  // namespace

void take_free_sequences(Catalog& catalog) {
  for (auto& [oid, read] : catalog.sequences) {
    if (read.is_used_up) {
      // It comes and goes with its column.
      const Relation* table = catalog.relation(read.owner);
      catalog.described.emplace(Address{kRelations, oid, 0}, table->described);
      continue;
    }
    const std::string described = schema::describe(read.sequence);
    if (read.type != "bigint") {
      catalog.lose(described, "AS " + read.type);
      // Its limits are not those of the bigint that is made instead.
      const SequenceBounds bounds = bounds_of(type_of(read.type).kind);
      SequenceOptions& options = read.sequence.options;
      const bool up = options.increment.value_or(1) > 0;
      if (up && !options.max_value) options.max_value = bounds.high;
      if (!up && !options.min_value) options.min_value = bounds.low;
    }
    if (const Relation* owner = catalog.relation(read.owner); owner != nullptr) {
      catalog.lose(described, "OWNED BY " + schema::qualified(owner->schema, owner->name) + "." +
                                  owner->column(read.column));
    }
    catalog.described.emplace(Address{kRelations, oid, 0}, described);
    catalog.result.schema.sequences.push_back(read.sequence);
  }
  // Nobody asks for them again.
  catalog.sequences.clear();
  catalog.owned_sequences.clear();
}

std::vector<CatalogQuery> schema_queries(int) {
  return {
      {"SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'", take_members},
      {"SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description WHERE objoid "
       ">= 16384 AND classoid IN (1247, 1255, 1259, 2606, 2615, 2618, 2620, 3256)",
       take_comments, true},
      // What initdb makes (plpgsql) has a lower number.
      {"SELECT e.oid, e.extname, e.extnamespace, e.extversion, e.extversion = a.default_version, "
       "v.schema IS NULL FROM pg_catalog.pg_extension e LEFT JOIN "
       "pg_catalog.pg_available_extensions a ON a.name = e.extname LEFT JOIN "
       "pg_catalog.pg_available_extension_versions v ON v.name = e.extname AND v.version = "
       "e.extversion WHERE e.oid >= 16384",
       take_extensions},
      {"SELECT t.oid, t.typarray, t.typnamespace, t.typname, l.labels, t.typnamespace = ANY "
       "($1::oid[]), t.typacl <> pg_catalog.acldefault('T', t.typowner) FROM pg_catalog.pg_type t "
       "LEFT JOIN (SELECT enumtypid, "
       "pg_catalog.array_agg(enumlabel ORDER BY enumsortorder) AS labels FROM pg_catalog.pg_enum "
       "GROUP BY enumtypid) l ON l.enumtypid = t.oid WHERE t.typtype = 'e'",
       take_enums},
      {sequence_query(), take_sequences, true},
  };
}

}  // namespace capo::dialect::postgresql
