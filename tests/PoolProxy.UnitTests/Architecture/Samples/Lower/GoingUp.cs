using PoolProxy.UnitTests.Architecture.Samples.Upper;

namespace PoolProxy.UnitTests.Architecture.Samples.Lower;

// Each type names the upper room in one way, and in that way only. The reader has to notice every one; nothing here ever runs.
#pragma warning disable CS0649 // Fields that nobody sets: their type is the sample.

internal sealed class ByBaseType : High;

internal sealed class ByInterface : IHigh;

internal sealed class ByConstraint<T>
    where T : IHigh;

[High]
internal sealed class ByAttribute;

internal sealed class ByAttributeOfMember
{
    [High]
    internal static int Number => 1;
}

internal sealed class ByField
{
    internal HighValue Value;
}

internal sealed class ByArrayField
{
    internal HighValue[]? Values;
}

internal sealed class ByGenericArgument
{
    internal Dictionary<string, List<HighValue>>? Values;
}

internal sealed class ByParameter
{
    internal static void Take(High? high) => GC.KeepAlive(high);
}

internal sealed class ByReturn
{
    internal static High? Give() => null;
}

internal sealed class ByPointer
{
    internal static unsafe void Take(HighValue* value) => GC.KeepAlive((nint)value);
}

internal sealed class ByFunctionPointer
{
    internal static unsafe void Take(delegate*<High, void> function) => GC.KeepAlive((nint)function);
}

internal sealed class ByLocal
{
    internal static int Run()
    {
        HighValue value = default;
        return Touch(ref value) ? 1 : 0;
    }

    private static bool Touch<T>(ref T value) => value is null;
}

internal sealed class ByStaticCall
{
    internal static int Run() => High.Call();
}

internal sealed class ByGenericCall
{
    internal static int Run() => High.Call(1);
}

internal sealed class ByMethodOfGenericType
{
    internal static int Run(object list) => ((HighList<int>)list).Extra();
}

internal sealed class ByProperty
{
    internal static int Run() => High.Count;
}

internal sealed class ByStaticField
{
    internal static int Run() => High.Field;
}

internal sealed class ByNew
{
    internal static object Run() => new High();
}

internal sealed class ByTypeOf
{
    internal static Type Run() => typeof(High);
}

internal sealed class ByCast
{
    internal static bool Run(object any) => any is IHigh;
}

internal sealed class ByCatch
{
    internal static bool Run(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (HighException)
        {
            return false;
        }
    }
}

internal sealed class ByFilter
{
    internal static bool Run(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception.InnerException is HighException)
        {
            return false;
        }
    }
}

internal sealed class ByLambda
{
    internal static Func<int, int> Run(int add) => number => number + add + High.Call();
}

internal sealed class ByLocalFunction
{
    internal static int Run()
    {
        return Inner();

        static int Inner() => High.Call();
    }
}

internal sealed class ByAsyncMethod
{
    internal static async Task<int> Run()
    {
        await Task.Yield();
        return High.Call();
    }
}

internal sealed class ByIterator
{
    internal static IEnumerable<int> Run()
    {
        yield return High.Call();
    }
}

internal sealed class ByNestedType
{
    internal sealed class Inner
    {
        internal static int Run() => High.Call();
    }
}

internal sealed class BySwitchBehind
{
    // A jump table ahead of the call: an instruction of variable length, which the reader has to step over rightly.
    internal static int Run(int number)
    {
        switch (number)
        {
            case 0: return 5;
            case 1: return 7;
            case 2: return 11;
            case 3: return 13;
            case 4: return 17;
            default: return High.Call();
        }
    }
}

internal sealed class ByMethodGroup
{
    internal static Func<int> Run() => High.Call;
}
