#pragma once

#include <optional>
#include <string>

#include "capo/operation.hpp"
#include "schema/schema.hpp"

/// The facets of each kind of operation; see facets.hpp, whose functions choose among these. A kind
/// that lacks one does not compile.
namespace capo::operation {

void validate(const CreateTable& operation);
void validate(const DropTable& operation);
void validate(const RenameTable& operation);
void validate(const CommentTable& operation);
void validate(const AlterTable& operation);
void validate(const AddColumn& operation);
void validate(const DropColumn& operation);
void validate(const AlterColumn& operation);
void validate(const AddConstraint& operation);
void validate(const DropConstraint& operation);
void validate(const RenameConstraint& operation);
void validate(const ValidateConstraint& operation);
void validate(const AttachPartition& operation);
void validate(const DetachPartition& operation);
void validate(const CreateIndex& operation);
void validate(const DropIndex& operation);
void validate(const RenameIndex& operation);
void validate(const BulkInsert& operation);
void validate(const ExecuteSql& operation);
void validate(const AddEnumValue& operation);
void validate(const SetRowSecurity& operation);
void validate(const DataStep& operation);
void validate(const Backfill& operation);
void validate(const Drop<Grant>& operation);
template <class Object>
void validate(const Create<Object>& operation);
template <class Object>
void validate(const Drop<Object>& operation);
template <class Object>
void validate(const Replace<Object>& operation);

void apply(const CreateTable& operation, schema::Schema& schema);
void apply(const DropTable& operation, schema::Schema& schema);
void apply(const RenameTable& operation, schema::Schema& schema);
void apply(const CommentTable& operation, schema::Schema& schema);
void apply(const AlterTable& operation, schema::Schema& schema);
void apply(const AddColumn& operation, schema::Schema& schema);
void apply(const DropColumn& operation, schema::Schema& schema);
void apply(const AlterColumn& operation, schema::Schema& schema);
void apply(const AddConstraint& operation, schema::Schema& schema);
void apply(const DropConstraint& operation, schema::Schema& schema);
void apply(const RenameConstraint& operation, schema::Schema& schema);
void apply(const ValidateConstraint& operation, schema::Schema& schema);
void apply(const AttachPartition& operation, schema::Schema& schema);
void apply(const DetachPartition& operation, schema::Schema& schema);
void apply(const CreateIndex& operation, schema::Schema& schema);
void apply(const DropIndex& operation, schema::Schema& schema);
void apply(const RenameIndex& operation, schema::Schema& schema);
void apply(const BulkInsert& operation, schema::Schema& schema);
void apply(const ExecuteSql& operation, schema::Schema& schema);
void apply(const AddEnumValue& operation, schema::Schema& schema);
void apply(const SetRowSecurity& operation, schema::Schema& schema);
void apply(const DataStep& operation, schema::Schema& schema);
void apply(const Backfill& operation, schema::Schema& schema);
void apply(const Create<Grant>& operation, schema::Schema& schema);
void apply(const Drop<Grant>& operation, schema::Schema& schema);
void apply(const Replace<Grant>& operation, schema::Schema& schema);
template <class Object>
void apply(const Create<Object>& operation, schema::Schema& schema);
template <class Object>
void apply(const Drop<Object>& operation, schema::Schema& schema);
template <class Object>
void apply(const Replace<Object>& operation, schema::Schema& schema);

std::optional<Operation> inverse(const CreateTable& operation);
std::optional<Operation> inverse(const DropTable& operation);
std::optional<Operation> inverse(const RenameTable& operation);
std::optional<Operation> inverse(const CommentTable& operation);
std::optional<Operation> inverse(const AlterTable& operation);
std::optional<Operation> inverse(const AddColumn& operation);
std::optional<Operation> inverse(const DropColumn& operation);
std::optional<Operation> inverse(const AlterColumn& operation);
std::optional<Operation> inverse(const AddConstraint& operation);
std::optional<Operation> inverse(const DropConstraint& operation);
std::optional<Operation> inverse(const RenameConstraint& operation);
std::optional<Operation> inverse(const ValidateConstraint& operation);
std::optional<Operation> inverse(const AttachPartition& operation);
std::optional<Operation> inverse(const DetachPartition& operation);
std::optional<Operation> inverse(const CreateIndex& operation);
std::optional<Operation> inverse(const DropIndex& operation);
std::optional<Operation> inverse(const RenameIndex& operation);
std::optional<Operation> inverse(const BulkInsert& operation);
std::optional<Operation> inverse(const ExecuteSql& operation);
std::optional<Operation> inverse(const AddEnumValue& operation);
std::optional<Operation> inverse(const SetRowSecurity& operation);
std::optional<Operation> inverse(const DataStep& operation);
std::optional<Operation> inverse(const Backfill& operation);
template <class Object>
std::optional<Operation> inverse(const Create<Object>& operation);
template <class Object>
std::optional<Operation> inverse(const Drop<Object>& operation);
template <class Object>
std::optional<Operation> inverse(const Replace<Object>& operation);

std::string describe(const CreateTable& operation);
std::string describe(const DropTable& operation);
std::string describe(const RenameTable& operation);
std::string describe(const CommentTable& operation);
std::string describe(const AlterTable& operation);
std::string describe(const AddColumn& operation);
std::string describe(const DropColumn& operation);
std::string describe(const AlterColumn& operation);
std::string describe(const AddConstraint& operation);
std::string describe(const DropConstraint& operation);
std::string describe(const RenameConstraint& operation);
std::string describe(const ValidateConstraint& operation);
std::string describe(const AttachPartition& operation);
std::string describe(const DetachPartition& operation);
std::string describe(const CreateIndex& operation);
std::string describe(const DropIndex& operation);
std::string describe(const RenameIndex& operation);
std::string describe(const BulkInsert& operation);
std::string describe(const ExecuteSql& operation);
std::string describe(const AddEnumValue& operation);
std::string describe(const SetRowSecurity& operation);
std::string describe(const DataStep& operation);
std::string describe(const Backfill& operation);
std::string describe(const Create<Grant>& operation);
std::string describe(const Drop<Grant>& operation);
template <class Object>
std::string describe(const Create<Object>& operation);
template <class Object>
std::string describe(const Drop<Object>& operation);
template <class Object>
std::string describe(const Replace<Object>& operation);

}  // namespace capo::operation
