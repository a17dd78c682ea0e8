/* Runs JavaScript: a file, standard input or an expression, with QuickJS's modules `std` and `os`.
 * Scripts get `print`, `console.log` and `scriptArgs`. */
#include <errno.h>
#include <quickjs-libc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: quickjs [--] FILE [ARGS...]      run a script or a module (.mjs)\n"
    "       quickjs -e EXPRESSION [ARGS...]\n"
    "       quickjs -                        run standard input\n";

static int run_text(JSContext *context, const char *text, size_t size, const char *name)
{
    size_t name_size = strlen(name);
    int named_module = name_size > 4 && strcmp(name + name_size - 4, ".mjs") == 0;
    int is_module = named_module || JS_DetectModule(text, size);
    int flags = is_module ? JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY : JS_EVAL_TYPE_GLOBAL;
    JSValue value = JS_Eval(context, text, size, name, flags);
    if (is_module && !JS_IsException(value)) {
        js_module_set_import_meta(context, value, 0, 1);
        value = js_std_await(context, JS_EvalFunction(context, value));
    }
    int failed = JS_IsException(value);
    if (failed)
        js_std_dump_error(context);
    JS_FreeValue(context, value);
    return failed;
}

/* All of a stream, with a zero after it, as the parser wants. */
static char *read_all(FILE *file, size_t *size)
{
    size_t capacity = 1 << 16;
    char *text = malloc(capacity);
    *size = 0;
    while (text) {
        *size += fread(text + *size, 1, capacity - 1 - *size, file);
        if (*size < capacity - 1)
            break;
        capacity *= 2;
        char *larger = realloc(text, capacity);
        if (!larger)
            free(text);
        text = larger;
    }
    if (text)
        text[*size] = 0;
    return text;
}

static int run_file(JSContext *context, const char *name)
{
    int from_input = strcmp(name, "-") == 0;
    FILE *file = from_input ? stdin : fopen(name, "rb");
    if (!file) {
        fprintf(stderr, "quickjs: %s: %s\n", name, strerror(errno));
        return 1;
    }
    size_t size;
    char *text = read_all(file, &size);
    int unreadable = !text || ferror(file);
    if (!from_input)
        fclose(file);
    if (unreadable)
        fprintf(stderr, "quickjs: %s: could not be read\n", name);
    int failed = unreadable || run_text(context, text, size, from_input ? "<stdin>" : name);
    free(text);
    return failed;
}

int main(int argument_count, char **arguments)
{
    int first = 1;
    int is_expression = argument_count > 2 && strcmp(arguments[1], "-e") == 0;
    if (is_expression || (argument_count > 1 && strcmp(arguments[1], "--") == 0))
        first = 2;
    int is_option = first == 1 && argument_count > 1 && arguments[1][0] == '-' && arguments[1][1];
    if (first >= argument_count || is_option) {
        fputs(usage, stderr);
        return 2;
    }
    JSRuntime *runtime = JS_NewRuntime();
    js_std_init_handlers(runtime);
    JSContext *context = JS_NewContext(runtime);
    js_init_module_std(context, "std");
    js_init_module_os(context, "os");
    JS_SetModuleLoaderFunc(runtime, NULL, js_module_loader, NULL);
    JS_SetHostPromiseRejectionTracker(runtime, js_std_promise_rejection_tracker, NULL);
    js_std_add_helpers(context, argument_count - first, arguments + first);

    const char *subject = arguments[first];
    int failed = is_expression ? run_text(context, subject, strlen(subject), "<expression>")
                               : run_file(context, subject);
    if (!failed)
        js_std_loop(context);
    js_std_free_handlers(runtime);
    JS_FreeContext(context);
    JS_FreeRuntime(runtime);
    return failed ? 1 : 0;
}
