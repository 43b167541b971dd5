using PoolProxy.Core.Loops.Uring;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

/// <summary>How many receive buffers the kernel is given.</summary>
[NeedsUring]
public sealed class ProvidedBuffersTests : IDisposable
{
    private const int Count = 16;
    private const int Window = 4;

    private readonly Ring _ring = new(submissionEntries: 8, completionEntries: 16);
    private readonly ProvidedBuffers _buffers = new(Count, sizeBytes: 64, Window);

    public ProvidedBuffersTests()
    {
        _ring.Enable();
        Assert.Equal(0, _buffers.Register(_ring));
    }

    [Fact]
    public void The_kernel_has_few_at_a_time_and_gets_back_what_it_used()
    {
        Assert.Equal(Window, _buffers.OfferedCount);
        _buffers.Take(0);
        Assert.Equal(Window - 1, _buffers.OfferedCount);

        _buffers.Publish();
        Assert.Equal(Window, _buffers.OfferedCount);
        Assert.Equal(1, _buffers.HeldCount);
        _buffers.Release(0);
        Assert.Equal(0, _buffers.HeldCount);
    }

    [Fact]
    public void When_it_runs_out_it_gets_twice_as_many_up_to_all_there_are()
    {
        _buffers.Widen();
        _buffers.Publish();
        Assert.Equal(2 * Window, _buffers.OfferedCount);

        for (var i = 0; i < 10; i++)
        {
            _buffers.Widen();
        }

        _buffers.Publish();
        Assert.Equal(Count, _buffers.OfferedCount);
    }

    [Fact]
    public void When_it_has_not_run_out_for_long_it_gets_half_as_many_but_never_fewer_than_at_first()
    {
        _buffers.Widen();
        _buffers.Publish();

        for (var i = 0; i < 3 * ProvidedBuffers.TakesBetweenWants; i++)
        {
            _buffers.Take(0);
            _buffers.Release(0);
            _buffers.Publish();
        }

        Assert.Equal(Window, _buffers.OfferedCount);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _buffers.Free();
    }
}
