// A Setting inside other JSON files of the planner.
#pragma once

#include <string>

#include "planner/json_object.h"
#include "planner/setting.h"

namespace hearth {

Json to_json_value(const Setting& setting);
Result<Setting> parse_setting(const Json& value, std::string place);

}  // namespace hearth
