#pragma once

#include "dialect/ddl.hpp"
#include "dialect/postgresql/parts.hpp"

namespace capo::dialect::postgresql {

/// PostgreSQL's statements, for version 14 and newer. What lacks `IF [NOT] EXISTS` there is guarded
/// by a DO block that looks into the catalog, so that a guard holds in a script as well.
class Ddl final : public DdlCompiler {
 public:
  void create_table(const CreateTable& operation, Statements& out) const override;
  void drop_table(const DropTable& operation, Statements& out) const override;
  void rename_table(const RenameTable& operation, Statements& out) const override;
  void comment_table(const CommentTable& operation, Statements& out) const override;
  void alter_table_options(const AlterTable& operation, Statements& out) const override;
  void add_column(const AddColumn& operation, Statements& out) const override;
  void drop_column(const DropColumn& operation, Statements& out) const override;
  void alter_column(const AlterColumn& operation, Statements& out) const override;
  void add_constraint(const AddConstraint& operation, Statements& out) const override;
  void drop_constraint(const DropConstraint& operation, Statements& out) const override;
  void rename_constraint(const RenameConstraint& operation, Statements& out) const override;
  void validate_constraint(const ValidateConstraint& operation, Statements& out) const override;
  void attach_partition(const AttachPartition& operation, Statements& out) const override;
  void detach_partition(const DetachPartition& operation, Statements& out) const override;
  void create_index(const CreateIndex& operation, Statements& out) const override;
  void drop_index(const DropIndex& operation, Statements& out) const override;
  void rename_index(const RenameIndex& operation, Statements& out) const override;
  void bulk_insert(const BulkInsert& operation, Statements& out) const override;
  void backfill(const Backfill& operation, Statements& out) const override;
  void add_enum_value(const AddEnumValue& operation, Statements& out) const override;
  void set_row_security(const SetRowSecurity& operation, Statements& out) const override;
  void create_schema(const Create<SchemaName>& operation, Statements& out) const override;
  void drop_schema(const Drop<SchemaName>& operation, Statements& out) const override;
  void replace_schema(const Replace<SchemaName>& operation, Statements& out) const override;
  void create_extension(const Create<Extension>& operation, Statements& out) const override;
  void drop_extension(const Drop<Extension>& operation, Statements& out) const override;
  void replace_extension(const Replace<Extension>& operation, Statements& out) const override;
  void create_sequence(const Create<Sequence>& operation, Statements& out) const override;
  void drop_sequence(const Drop<Sequence>& operation, Statements& out) const override;
  void replace_sequence(const Replace<Sequence>& operation, Statements& out) const override;
  void create_enum(const Create<EnumType>& operation, Statements& out) const override;
  void drop_enum(const Drop<EnumType>& operation, Statements& out) const override;
  void replace_enum(const Replace<EnumType>& operation, Statements& out) const override;
  void create_domain(const Create<Domain>& operation, Statements& out) const override;
  void drop_domain(const Drop<Domain>& operation, Statements& out) const override;
  void replace_domain(const Replace<Domain>& operation, Statements& out) const override;
  void create_composite_type(const Create<CompositeType>& operation,
                             Statements& out) const override;
  void drop_composite_type(const Drop<CompositeType>& operation, Statements& out) const override;
  void replace_composite_type(const Replace<CompositeType>& operation,
                              Statements& out) const override;
  void create_view(const Create<View>& operation, Statements& out) const override;
  void drop_view(const Drop<View>& operation, Statements& out) const override;
  void replace_view(const Replace<View>& operation, Statements& out) const override;
  void create_function(const Create<Function>& operation, Statements& out) const override;
  void drop_function(const Drop<Function>& operation, Statements& out) const override;
  void replace_function(const Replace<Function>& operation, Statements& out) const override;
  void create_trigger(const Create<Trigger>& operation, Statements& out) const override;
  void drop_trigger(const Drop<Trigger>& operation, Statements& out) const override;
  void replace_trigger(const Replace<Trigger>& operation, Statements& out) const override;
  void create_policy(const Create<Policy>& operation, Statements& out) const override;
  void drop_policy(const Drop<Policy>& operation, Statements& out) const override;
  void replace_policy(const Replace<Policy>& operation, Statements& out) const override;
  void create_role(const Create<Role>& operation, Statements& out) const override;
  void drop_role(const Drop<Role>& operation, Statements& out) const override;
  void replace_role(const Replace<Role>& operation, Statements& out) const override;
  void create_grant(const Create<Grant>& operation, Statements& out) const override;
  void drop_grant(const Drop<Grant>& operation, Statements& out) const override;
  void replace_grant(const Replace<Grant>& operation, Statements& out) const override;

 private:
  Parts parts_;
};

const DdlCompiler& ddl();

}  // namespace capo::dialect::postgresql
