#include "dialect/ddl.hpp"

#include "capo/error.hpp"
#include "operation/visit.hpp"

namespace capo::dialect {
namespace {

struct Call {
  const DdlCompiler& compiler;
  Statements& out;

  void operator()(const CreateTable& operation) const { compiler.create_table(operation, out); }
  void operator()(const DropTable& operation) const { compiler.drop_table(operation, out); }
  void operator()(const RenameTable& operation) const { compiler.rename_table(operation, out); }
  void operator()(const CommentTable& operation) const { compiler.comment_table(operation, out); }
  void operator()(const AlterTable& operation) const {
    compiler.alter_table_options(operation, out);
  }
  void operator()(const AddColumn& operation) const { compiler.add_column(operation, out); }
  void operator()(const DropColumn& operation) const { compiler.drop_column(operation, out); }
  void operator()(const AlterColumn& operation) const { compiler.alter_column(operation, out); }
  void operator()(const AddConstraint& operation) const { compiler.add_constraint(operation, out); }
  void operator()(const DropConstraint& operation) const {
    compiler.drop_constraint(operation, out);
  }
  void operator()(const RenameConstraint& operation) const {
    compiler.rename_constraint(operation, out);
  }
  void operator()(const ValidateConstraint& operation) const {
    compiler.validate_constraint(operation, out);
  }
  void operator()(const AttachPartition& operation) const {
    compiler.attach_partition(operation, out);
  }
  void operator()(const DetachPartition& operation) const {
    compiler.detach_partition(operation, out);
  }
  void operator()(const CreateIndex& operation) const { compiler.create_index(operation, out); }
  void operator()(const DropIndex& operation) const { compiler.drop_index(operation, out); }
  void operator()(const RenameIndex& operation) const { compiler.rename_index(operation, out); }
  void operator()(const BulkInsert& operation) const { compiler.bulk_insert(operation, out); }
  void operator()(const Backfill& operation) const { compiler.backfill(operation, out); }
  void operator()(const AddEnumValue& operation) const { compiler.add_enum_value(operation, out); }
  void operator()(const SetRowSecurity& operation) const {
    compiler.set_row_security(operation, out);
  }
  void operator()(const Create<SchemaName>& operation) const {
    compiler.create_schema(operation, out);
  }
  void operator()(const Drop<SchemaName>& operation) const { compiler.drop_schema(operation, out); }
  void operator()(const Replace<SchemaName>& operation) const {
    compiler.replace_schema(operation, out);
  }
  void operator()(const Create<Extension>& operation) const {
    compiler.create_extension(operation, out);
  }
  void operator()(const Drop<Extension>& operation) const {
    compiler.drop_extension(operation, out);
  }
  void operator()(const Replace<Extension>& operation) const {
    compiler.replace_extension(operation, out);
  }
  void operator()(const Create<Sequence>& operation) const {
    compiler.create_sequence(operation, out);
  }
  void operator()(const Drop<Sequence>& operation) const { compiler.drop_sequence(operation, out); }
  void operator()(const Replace<Sequence>& operation) const {
    compiler.replace_sequence(operation, out);
  }
  void operator()(const Create<EnumType>& operation) const { compiler.create_enum(operation, out); }
  void operator()(const Drop<EnumType>& operation) const { compiler.drop_enum(operation, out); }
  void operator()(const Replace<EnumType>& operation) const {
    compiler.replace_enum(operation, out);
  }
  void operator()(const Create<Domain>& operation) const { compiler.create_domain(operation, out); }
  void operator()(const Drop<Domain>& operation) const { compiler.drop_domain(operation, out); }
  void operator()(const Replace<Domain>& operation) const {
    compiler.replace_domain(operation, out);
  }
  void operator()(const Create<CompositeType>& operation) const {
    compiler.create_composite_type(operation, out);
  }
  void operator()(const Drop<CompositeType>& operation) const {
    compiler.drop_composite_type(operation, out);
  }
  void operator()(const Replace<CompositeType>& operation) const {
    compiler.replace_composite_type(operation, out);
  }
  void operator()(const Create<View>& operation) const { compiler.create_view(operation, out); }
  void operator()(const Drop<View>& operation) const { compiler.drop_view(operation, out); }
  void operator()(const Replace<View>& operation) const { compiler.replace_view(operation, out); }
  void operator()(const Create<Function>& operation) const {
    compiler.create_function(operation, out);
  }
  void operator()(const Drop<Function>& operation) const { compiler.drop_function(operation, out); }
  void operator()(const Replace<Function>& operation) const {
    compiler.replace_function(operation, out);
  }
  void operator()(const Create<Trigger>& operation) const {
    compiler.create_trigger(operation, out);
  }
  void operator()(const Drop<Trigger>& operation) const { compiler.drop_trigger(operation, out); }
  void operator()(const Replace<Trigger>& operation) const {
    compiler.replace_trigger(operation, out);
  }
  void operator()(const Create<Policy>& operation) const { compiler.create_policy(operation, out); }
  void operator()(const Drop<Policy>& operation) const { compiler.drop_policy(operation, out); }
  void operator()(const Replace<Policy>& operation) const {
    compiler.replace_policy(operation, out);
  }
  void operator()(const Create<Role>& operation) const { compiler.create_role(operation, out); }
  void operator()(const Drop<Role>& operation) const { compiler.drop_role(operation, out); }
  void operator()(const Replace<Role>& operation) const { compiler.replace_role(operation, out); }
  void operator()(const Create<Grant>& operation) const { compiler.create_grant(operation, out); }
  void operator()(const Drop<Grant>& operation) const { compiler.drop_grant(operation, out); }
  void operator()(const Replace<Grant>& operation) const { compiler.replace_grant(operation, out); }
  void operator()(const ExecuteSql&) const { refuse(); }
  void operator()(const DataStep&) const { refuse(); }

  [[noreturn]] static void refuse() {
    throw Error(ErrorCode::kInternal, "SQL and data steps are not compiled");
  }
};

}  // namespace

Statements compile(const DdlCompiler& compiler, const Operation& operation) {
  Statements out;
  operation::visit(Call{compiler, out}, operation);
  return out;
}

}  // namespace capo::dialect
