// A PlanSetting inside other JSON files of the planner.
#pragma once

#include <string>

#include "planner/json_object.h"
#include "planner/plan_setting.h"

namespace hearth {

Json to_json_value(const PlanSetting& setting);
Result<PlanSetting> parse_setting(const Json& value, std::string place);

}  // namespace hearth
