/* main.c: placeholder until the verbs are in; replaced by the app's author. */
#include "core/text.h"
#ifdef _WIN32
#include <wchar.h>
int wmain(void)
#else
int main(void)
#endif
{
    return 0;
}
