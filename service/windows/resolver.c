#include "resolver.h"
#include "name_lookup.h"
#include <string.h>

struct resolver_calls resolver_calls = {
    .LookupAccountNameW = LookupAccountNameW,
    .LookupAccountSidW = LookupAccountSidW,
    .OpenProcessToken = OpenProcessToken,
    .GetTokenInformation = GetTokenInformation,
    .logon_domains_read = logon_domains_read,
    .GetTickCount = GetTickCount,
    .CreateEventW = CreateEventW,
    .CreateThread = CreateThread,
    .CloseHandle = CloseHandle,
    .VirtualAlloc = VirtualAlloc,
    .VirtualFree = VirtualFree,
};

struct request {
    struct name_key key;
    bool given_up; /* somebody was told "unresolved" instead of its answer */
    wchar_t name[RESOLVER_NAME_MAX + 1];
};

/* Owned by whoever called resolver_start and by the thread; the last one frees it. */
struct resolver {
    LONG owners;
    HANDLE thread;
    HANDLE asked;    /* to the thread: there is a request, or stopping is set */
    HANDLE answered; /* to resolver_find: a request is done */
    struct hash_key keys[2];
    uint8_t own_sid[IDENTITY_SID_MAX];
    struct logon_domains logon_domains; /* the thread's, like the next */
    DWORD logon_domains_at;             /* GetTickCount when they were read last ... */
    bool logon_domains_known;           /* ... if ever */

    CRITICAL_SECTION lock; /* guards all below; held only for as long as memory is looked at */
    bool stopping;
    HANDLE late;       /* the caller's */
    uint64_t clock;    /* ms since the start: GetTickCount without its wrap */
    DWORD ticks;       /* GetTickCount when the clock was last set */
    uint64_t queued;   /* number of the latest request; they are counted from 1 ... */
    uint64_t done;     /* ... and done in order; request n lies at queue[n % RESOLVER_QUEUE] */
    uint64_t given_up; /* the latest request that was given up on */
    bool turned_away;  /* a request found no room, and nobody was told of it */
    struct request queue[RESOLVER_QUEUE];
    struct name_cache cache;
};

/* ---- under the lock ------------------------------------------------------------------------- */

/* The clock stays right as long as somebody asks every 49 days. */
static uint64_t clock_now(struct resolver *resolver)
{
    DWORD ticks = resolver_calls.GetTickCount();
    resolver->clock += (DWORD)(ticks - resolver->ticks);
    resolver->ticks = ticks;
    return resolver->clock;
}

static struct request *request_at(struct resolver *resolver, uint64_t number)
{
    return &resolver->queue[number % RESOLVER_QUEUE];
}

/* The number of the request for a name, queued now unless it was before; 0 without room. */
static uint64_t enqueue(struct resolver *resolver, struct name_key key, struct text name)
{
    for (uint64_t i = resolver->done + 1; i <= resolver->queued; i++) {
        const struct request *request = request_at(resolver, i);
        if (request->key.high == key.high && request->key.low == key.low)
            return i;
    }
    if (resolver->queued - resolver->done == RESOLVER_QUEUE)
        return 0;
    struct request *request = request_at(resolver, ++resolver->queued);
    request->key = key;
    request->given_up = false;
    memcpy(request->name, name.at, name.count * sizeof *request->name);
    request->name[name.count] = 0;
    return resolver->queued;
}

/* The answer of request number (0: there was no room for it) will not be waited for. */
static void give_up(struct resolver *resolver, uint64_t number)
{
    if (number == 0) {
        resolver->turned_away = true;
    } else if (number > resolver->done) {
        request_at(resolver, number)->given_up = true;
        if (number > resolver->given_up)
            resolver->given_up = number;
    }
}

/* Takes the answer (null: none came) of the oldest request. Returns whether to signal late. */
static bool finish(struct resolver *resolver, const struct name_answer *answer)
{
    const struct request *request = request_at(resolver, ++resolver->done);
    struct name_entry *entry = name_cache_put(&resolver->cache, request->key);
    uint64_t now = clock_now(resolver);
    bool resolved = answer != NULL && answer->kind != IDENTITY_UNRESOLVED;
    bool was_unresolved = entry->expires != 0 && entry->answer.kind == IDENTITY_UNRESOLVED;
    bool late = resolved && (request->given_up || was_unresolved);

    if (answer != NULL)
        entry->answer = *answer;
    entry->expires = now + 1000u * (uint64_t)(resolved ? RESOLVER_KEEP : RESOLVER_RETRY);
    if (resolver->turned_away && resolved && resolver->done == resolver->queued) {
        resolver->turned_away = false;
        late = true;
    }
    return late;
}

/* Fills in the identity from the cache. False when the name is not known to stand for somebody. */
static bool take(struct resolver *resolver, struct name_key key,
                 char16_t canonical[RESOLVER_CANONICAL_MAX], struct identity *identity, bool *fresh)
{
    const struct name_entry *entry = name_cache_find(&resolver->cache, key);
    *fresh = entry != NULL && clock_now(resolver) < entry->expires;
    if (entry == NULL || entry->answer.kind == IDENTITY_UNRESOLVED)
        return false;
    const struct name_answer *answer = &entry->answer;
    identity->kind = answer->kind;
    identity->sid_size = answer->sid_size;
    memcpy(identity->sid, answer->sid, answer->sid_size);
    memcpy(canonical, answer->canonical, answer->canonical_count * sizeof *canonical);
    identity->name = (struct text){canonical, answer->canonical_count};
    return true;
}

/* ---- the thread ----------------------------------------------------------------------------- */

static void release(struct resolver *resolver)
{
    if (InterlockedDecrement(&resolver->owners) != 0)
        return;
    DeleteCriticalSection(&resolver->lock);
    resolver_calls.CloseHandle(resolver->answered);
    resolver_calls.CloseHandle(resolver->asked);
    resolver_calls.VirtualFree(resolver, 0, MEM_RELEASE);
}

/* The name of the next request, waiting for one. False when the thread is to end. */
static bool next_name(struct resolver *resolver, wchar_t name[RESOLVER_NAME_MAX + 1])
{
    for (;;) {
        EnterCriticalSection(&resolver->lock);
        bool stopping = resolver->stopping, found = resolver->done != resolver->queued;
        if (found)
            memcpy(name, request_at(resolver, resolver->done + 1)->name,
                   (RESOLVER_NAME_MAX + 1) * sizeof *name);
        LeaveCriticalSection(&resolver->lock);
        if (stopping || found)
            return !stopping;
        if (WaitForSingleObject(resolver->asked, INFINITE) != WAIT_OBJECT_0)
            return false;
    }
}

/* What cannot be read is as it was read last; until it was, nobody can tell whom a name means. */
static DWORD refresh_logon_domains(struct resolver *resolver)
{
    DWORD now = resolver_calls.GetTickCount();
    if (resolver->logon_domains_known && now - resolver->logon_domains_at < 1000u * RESOLVER_KEEP)
        return ERROR_SUCCESS;
    DWORD error = resolver_calls.logon_domains_read(&resolver->logon_domains);
    if (error == ERROR_SUCCESS) {
        resolver->logon_domains_known = true;
        resolver->logon_domains_at = now;
    }
    return resolver->logon_domains_known ? ERROR_SUCCESS : error;
}

static DWORD ask(struct resolver *resolver, wchar_t *name, struct name_answer *answer)
{
    name_lookup_spell(name);
    if (name[0] == L'.' && name[1] == L'\\')
        return name_lookup_ask(name + 2, resolver->own_sid, answer);
    if (!name_lookup_is_bare(text_of(name)))
        return name_lookup_ask(name, resolver->own_sid, answer);
    DWORD error = refresh_logon_domains(resolver);
    if (error != ERROR_SUCCESS)
        return error;
    return name_lookup_ask_bare(name, &resolver->logon_domains, resolver->own_sid, answer);
}

static DWORD WINAPI answer_requests(LPVOID context)
{
    struct resolver *resolver = context;
    wchar_t name[RESOLVER_NAME_MAX + 1];
    while (next_name(resolver, name)) {
        struct name_answer answer;
        DWORD error = ask(resolver, name, &answer);

        EnterCriticalSection(&resolver->lock);
        bool late = finish(resolver, error == ERROR_SUCCESS ? &answer : NULL);
        /* Within the lock: once resolver_stop has been through it, the handle may be closed. */
        if (late && !resolver->stopping && resolver->late != NULL)
            SetEvent(resolver->late);
        LeaveCriticalSection(&resolver->lock);
        SetEvent(resolver->answered);
    }
    release(resolver);
    return 0;
}

/* ---- its callers ---------------------------------------------------------------------------- */

/* Two independent keys out of one. */
static void derive_keys(const struct hash_key *key, struct hash_key keys[2])
{
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t low = 2 * i, high = 2 * i + 1;
        keys[i] = (struct hash_key){hash_bytes(&low, sizeof low, key),
                                    hash_bytes(&high, sizeof high, key)};
    }
}

DWORD resolver_start(const struct hash_key *key, HANDLE late, struct resolver **resolver)
{
    uint8_t own_sid[IDENTITY_SID_MAX] = {0};
    DWORD error = name_lookup_own_sid(own_sid);
    if (error != ERROR_SUCCESS)
        return error;

    size_t head = (sizeof(struct resolver) + 15) & ~(size_t)15;
    struct resolver *made = resolver_calls.VirtualAlloc(
        NULL, head + name_cache_size(RESOLVER_CACHE), MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (made == NULL)
        return GetLastError();
    made->owners = 2;
    made->late = late;
    made->ticks = resolver_calls.GetTickCount();
    memcpy(made->own_sid, own_sid, sizeof own_sid);
    derive_keys(key, made->keys);
    name_cache_init(&made->cache, (uint8_t *)made + head, RESOLVER_CACHE);

    /* The high bit lets Windows 2000 make what it needs now, not on the first collision. */
    if (!InitializeCriticalSectionAndSpinCount(&made->lock, 0x80000000)) {
        error = GetLastError();
        goto free_memory;
    }
    made->asked = resolver_calls.CreateEventW(NULL, FALSE, FALSE, NULL);
    if (made->asked == NULL) {
        error = GetLastError();
        goto delete_lock;
    }
    made->answered = resolver_calls.CreateEventW(NULL, FALSE, FALSE, NULL);
    if (made->answered == NULL) {
        error = GetLastError();
        goto close_asked;
    }
    made->thread = resolver_calls.CreateThread(NULL, 0, answer_requests, made, 0, NULL);
    if (made->thread == NULL) {
        error = GetLastError();
        goto close_answered;
    }
    *resolver = made;
    return ERROR_SUCCESS;

close_answered:
    resolver_calls.CloseHandle(made->answered);
close_asked:
    resolver_calls.CloseHandle(made->asked);
delete_lock:
    DeleteCriticalSection(&made->lock);
free_memory:
    resolver_calls.VirtualFree(made, 0, MEM_RELEASE);
    return error;
}

/* Waits until request number is done. It may find the signal of an earlier one: then it goes on. */
static void wait_for(struct resolver *resolver, uint64_t number, HANDLE stop)
{
    const HANDLE handles[2] = {resolver->answered, stop};
    DWORD began = resolver_calls.GetTickCount(), waited = 0;
    while (waited < RESOLVER_PATIENCE) {
        EnterCriticalSection(&resolver->lock);
        bool done = resolver->done >= number;
        LeaveCriticalSection(&resolver->lock);
        if (done || WaitForMultipleObjects(stop != NULL ? 2 : 1, handles, FALSE,
                                           RESOLVER_PATIENCE - waited) != WAIT_OBJECT_0)
            return;
        waited = resolver_calls.GetTickCount() - began;
    }
}

void resolver_find(struct resolver *resolver, struct text name, HANDLE stop,
                   char16_t canonical[RESOLVER_CANONICAL_MAX], struct identity *identity)
{
    memset(identity, 0, sizeof *identity);
    identity->kind = IDENTITY_UNRESOLVED;
    identity->name = name;
    if (!name_lookup_askable(name))
        return;

    struct name_key key = name_key_of(name, resolver->keys);
    uint64_t number = 0;
    bool fresh, wait = false;
    EnterCriticalSection(&resolver->lock);
    bool known = take(resolver, key, canonical, identity, &fresh);
    if (!fresh) {
        number = enqueue(resolver, key, name);
        wait = !known && number != 0 && resolver->given_up <= resolver->done;
        if (!known && !wait)
            give_up(resolver, number);
    }
    LeaveCriticalSection(&resolver->lock);
    if (number != 0)
        SetEvent(resolver->asked);
    if (!wait)
        return;

    wait_for(resolver, number, stop);
    EnterCriticalSection(&resolver->lock);
    if (!take(resolver, key, canonical, identity, &fresh))
        give_up(resolver, number);
    LeaveCriticalSection(&resolver->lock);
}

bool resolver_stop(struct resolver *resolver, DWORD wait)
{
    HANDLE thread = resolver->thread;
    EnterCriticalSection(&resolver->lock);
    resolver->stopping = true;
    LeaveCriticalSection(&resolver->lock);
    SetEvent(resolver->asked);
    bool ended = WaitForSingleObject(thread, wait) == WAIT_OBJECT_0;
    resolver_calls.CloseHandle(thread);
    release(resolver);
    return ended;
}
