using System.Management.Automation.Host;

namespace TwistedPS.Scripting;

/// <summary>The console that handlers in the background do not have: no keys, no window.</summary>
internal sealed class HandlerRawUserInterface : PSHostRawUserInterface
{
    public override ConsoleColor BackgroundColor
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override Size BufferSize
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override Coordinates CursorPosition
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override int CursorSize
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override ConsoleColor ForegroundColor
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override bool KeyAvailable => throw Errors.NobodyToAsk();

    public override Size MaxPhysicalWindowSize => throw Errors.NobodyToAsk();

    public override Size MaxWindowSize => throw Errors.NobodyToAsk();

    public override Coordinates WindowPosition
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override Size WindowSize
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override string WindowTitle
    {
        get => throw Errors.NobodyToAsk();
        set => throw Errors.NobodyToAsk();
    }

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Errors.NobodyToAsk();

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Errors.NobodyToAsk();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw Errors.NobodyToAsk();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Errors.NobodyToAsk();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Errors.NobodyToAsk();
}
