#include "capo/operation.hpp"

#include <utility>

#include "schema/list.hpp"

// What is dear to compile of a variant this wide, once.
namespace capo {

template class List<Operation>;

Operation::Operation(CreateTable value) : value_(std::move(value)) {}
Operation::Operation(DropTable value) : value_(std::move(value)) {}
Operation::Operation(RenameTable value) : value_(std::move(value)) {}
Operation::Operation(CommentTable value) : value_(std::move(value)) {}
Operation::Operation(AlterTable value) : value_(std::move(value)) {}
Operation::Operation(AddColumn value) : value_(std::move(value)) {}
Operation::Operation(DropColumn value) : value_(std::move(value)) {}
Operation::Operation(AlterColumn value) : value_(std::move(value)) {}
Operation::Operation(AddConstraint value) : value_(std::move(value)) {}
Operation::Operation(DropConstraint value) : value_(std::move(value)) {}
Operation::Operation(RenameConstraint value) : value_(std::move(value)) {}
Operation::Operation(ValidateConstraint value) : value_(std::move(value)) {}
Operation::Operation(AttachPartition value) : value_(std::move(value)) {}
Operation::Operation(DetachPartition value) : value_(std::move(value)) {}
Operation::Operation(CreateIndex value) : value_(std::move(value)) {}
Operation::Operation(DropIndex value) : value_(std::move(value)) {}
Operation::Operation(RenameIndex value) : value_(std::move(value)) {}
Operation::Operation(BulkInsert value) : value_(std::move(value)) {}
Operation::Operation(ExecuteSql value) : value_(std::move(value)) {}
Operation::Operation(AddEnumValue value) : value_(std::move(value)) {}
Operation::Operation(SetRowSecurity value) : value_(std::move(value)) {}
Operation::Operation(DataStep value) : value_(std::move(value)) {}
Operation::Operation(Backfill value) : value_(std::move(value)) {}
Operation::Operation(Create<SchemaName> value) : value_(std::move(value)) {}
Operation::Operation(Drop<SchemaName> value) : value_(std::move(value)) {}
Operation::Operation(Replace<SchemaName> value) : value_(std::move(value)) {}
Operation::Operation(Create<Extension> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Extension> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Extension> value) : value_(std::move(value)) {}
Operation::Operation(Create<Sequence> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Sequence> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Sequence> value) : value_(std::move(value)) {}
Operation::Operation(Create<EnumType> value) : value_(std::move(value)) {}
Operation::Operation(Drop<EnumType> value) : value_(std::move(value)) {}
Operation::Operation(Replace<EnumType> value) : value_(std::move(value)) {}
Operation::Operation(Create<Domain> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Domain> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Domain> value) : value_(std::move(value)) {}
Operation::Operation(Create<CompositeType> value) : value_(std::move(value)) {}
Operation::Operation(Drop<CompositeType> value) : value_(std::move(value)) {}
Operation::Operation(Replace<CompositeType> value) : value_(std::move(value)) {}
Operation::Operation(Create<View> value) : value_(std::move(value)) {}
Operation::Operation(Drop<View> value) : value_(std::move(value)) {}
Operation::Operation(Replace<View> value) : value_(std::move(value)) {}
Operation::Operation(Create<Function> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Function> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Function> value) : value_(std::move(value)) {}
Operation::Operation(Create<Trigger> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Trigger> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Trigger> value) : value_(std::move(value)) {}
Operation::Operation(Create<Policy> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Policy> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Policy> value) : value_(std::move(value)) {}
Operation::Operation(Create<Role> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Role> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Role> value) : value_(std::move(value)) {}
Operation::Operation(Create<Grant> value) : value_(std::move(value)) {}
Operation::Operation(Drop<Grant> value) : value_(std::move(value)) {}
Operation::Operation(Replace<Grant> value) : value_(std::move(value)) {}

Operation::Operation(const Operation&) = default;
Operation::Operation(Operation&&) noexcept = default;
Operation& Operation::operator=(const Operation&) = default;
Operation& Operation::operator=(Operation&&) noexcept = default;
Operation::~Operation() = default;

bool operator==(const Operation& a, const Operation& b) { return a.value_ == b.value_; }

}  // namespace capo
