#include "own_names.h"

struct own_names_calls own_names_calls = {.GetComputerNameExW = GetComputerNameExW};

void own_names_find(struct own_names *names)
{
    static const COMPUTER_NAME_FORMAT formats[OWN_NAMES_MAX] = {
        ComputerNamePhysicalNetBIOS, ComputerNamePhysicalDnsHostname, ComputerNameNetBIOS};
    names->count = 0;
    for (size_t i = 0; i < OWN_NAMES_MAX; i++) {
        DWORD size = OWN_NAME_MAX;
        wchar_t *name = names->at[names->count];
        if (own_names_calls.GetComputerNameExW(formats[i], name, &size) && size > 0 &&
            size < OWN_NAME_MAX)
            names->count++;
    }
}
