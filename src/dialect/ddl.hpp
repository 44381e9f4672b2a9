#pragma once

#include <vector>

#include "capo/operation.hpp"
#include "dialect/statement.hpp"

/// Operations become statements: one function a kind of operation, so that a database that lacks
/// one does not compile.
namespace capo::dialect {

using Statements = std::vector<Statement>;

/// What a database makes of each kind of operation, written to the end of `out`. All throw
/// Error{kUnsupported} for what the database cannot do, and Error{kSchema} for what it cannot do as
/// it is asked (a drop without a name). SQL that a revision brings with it, and data steps, do not
/// come here: they are the same for all.
class DdlCompiler {
 public:
  virtual ~DdlCompiler() = default;
  DdlCompiler() = default;
  DdlCompiler(const DdlCompiler&) = delete;
  DdlCompiler& operator=(const DdlCompiler&) = delete;

  virtual void create_table(const CreateTable& operation, Statements& out) const = 0;
  virtual void drop_table(const DropTable& operation, Statements& out) const = 0;
  virtual void rename_table(const RenameTable& operation, Statements& out) const = 0;
  virtual void comment_table(const CommentTable& operation, Statements& out) const = 0;
  virtual void alter_table_options(const AlterTable& operation, Statements& out) const = 0;
  virtual void add_column(const AddColumn& operation, Statements& out) const = 0;
  virtual void drop_column(const DropColumn& operation, Statements& out) const = 0;
  virtual void alter_column(const AlterColumn& operation, Statements& out) const = 0;
  virtual void add_constraint(const AddConstraint& operation, Statements& out) const = 0;
  virtual void drop_constraint(const DropConstraint& operation, Statements& out) const = 0;
  virtual void rename_constraint(const RenameConstraint& operation, Statements& out) const = 0;
  virtual void validate_constraint(const ValidateConstraint& operation, Statements& out) const = 0;
  virtual void attach_partition(const AttachPartition& operation, Statements& out) const = 0;
  virtual void detach_partition(const DetachPartition& operation, Statements& out) const = 0;
  virtual void create_index(const CreateIndex& operation, Statements& out) const = 0;
  virtual void drop_index(const DropIndex& operation, Statements& out) const = 0;
  virtual void rename_index(const RenameIndex& operation, Statements& out) const = 0;
  virtual void bulk_insert(const BulkInsert& operation, Statements& out) const = 0;
  virtual void backfill(const Backfill& operation, Statements& out) const = 0;
  virtual void add_enum_value(const AddEnumValue& operation, Statements& out) const = 0;
  virtual void set_row_security(const SetRowSecurity& operation, Statements& out) const = 0;
  virtual void create_schema(const Create<SchemaName>& operation, Statements& out) const = 0;
  virtual void drop_schema(const Drop<SchemaName>& operation, Statements& out) const = 0;
  virtual void replace_schema(const Replace<SchemaName>& operation, Statements& out) const = 0;
  virtual void create_extension(const Create<Extension>& operation, Statements& out) const = 0;
  virtual void drop_extension(const Drop<Extension>& operation, Statements& out) const = 0;
  virtual void replace_extension(const Replace<Extension>& operation, Statements& out) const = 0;
  virtual void create_sequence(const Create<Sequence>& operation, Statements& out) const = 0;
  virtual void drop_sequence(const Drop<Sequence>& operation, Statements& out) const = 0;
  virtual void replace_sequence(const Replace<Sequence>& operation, Statements& out) const = 0;
  virtual void create_enum(const Create<EnumType>& operation, Statements& out) const = 0;
  virtual void drop_enum(const Drop<EnumType>& operation, Statements& out) const = 0;
  virtual void replace_enum(const Replace<EnumType>& operation, Statements& out) const = 0;
  virtual void create_domain(const Create<Domain>& operation, Statements& out) const = 0;
  virtual void drop_domain(const Drop<Domain>& operation, Statements& out) const = 0;
  virtual void replace_domain(const Replace<Domain>& operation, Statements& out) const = 0;
  virtual void create_composite_type(const Create<CompositeType>& operation,
                                     Statements& out) const = 0;
  virtual void drop_composite_type(const Drop<CompositeType>& operation, Statements& out) const = 0;
  virtual void replace_composite_type(const Replace<CompositeType>& operation,
                                      Statements& out) const = 0;
  virtual void create_view(const Create<View>& operation, Statements& out) const = 0;
  virtual void drop_view(const Drop<View>& operation, Statements& out) const = 0;
  virtual void replace_view(const Replace<View>& operation, Statements& out) const = 0;
  virtual void create_function(const Create<Function>& operation, Statements& out) const = 0;
  virtual void drop_function(const Drop<Function>& operation, Statements& out) const = 0;
  virtual void replace_function(const Replace<Function>& operation, Statements& out) const = 0;
  virtual void create_trigger(const Create<Trigger>& operation, Statements& out) const = 0;
  virtual void drop_trigger(const Drop<Trigger>& operation, Statements& out) const = 0;
  virtual void replace_trigger(const Replace<Trigger>& operation, Statements& out) const = 0;
  virtual void create_policy(const Create<Policy>& operation, Statements& out) const = 0;
  virtual void drop_policy(const Drop<Policy>& operation, Statements& out) const = 0;
  virtual void replace_policy(const Replace<Policy>& operation, Statements& out) const = 0;
  virtual void create_role(const Create<Role>& operation, Statements& out) const = 0;
  virtual void drop_role(const Drop<Role>& operation, Statements& out) const = 0;
  virtual void replace_role(const Replace<Role>& operation, Statements& out) const = 0;
  virtual void create_grant(const Create<Grant>& operation, Statements& out) const = 0;
  virtual void drop_grant(const Drop<Grant>& operation, Statements& out) const = 0;
  virtual void replace_grant(const Replace<Grant>& operation, Statements& out) const = 0;
};

/// Calls the function for what `operation` holds. Not for ExecuteSql and DataStep:
/// Error{kInternal}.
Statements compile(const DdlCompiler& compiler, const Operation& operation);

}  // namespace capo::dialect
