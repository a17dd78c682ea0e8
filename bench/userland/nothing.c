/* Nothing: what a start and an end cost. */
int main(void)
{
    return 0;
}
