// The identity of a device inside other JSON files of the planner.
#pragma once

#include <string>

#include "planner/device_profile.h"
#include "planner/json_object.h"

namespace hearth {

Json to_json_value(const DeviceIdentity& identity);
Result<DeviceIdentity> parse_device_identity(const Json& value, std::string place);

}  // namespace hearth
