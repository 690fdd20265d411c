// A NestJS application that answers `GET /pictures?prompt=…` with a picture. Nest 11 and 12.
// Run: npx tsc, then node dist/main.js
import "reflect-metadata";
import { Controller, Get, Inject, Module, Query, StreamableFile } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { createClient, type Client } from "visionatrix-client";
import { sdxlLighting } from "visionatrix-client/flows/sdxl_lighting";

const VISIONATRIX = Symbol("Visionatrix client");

@Controller("pictures")
class PicturesController {
  constructor(@Inject(VISIONATRIX) private readonly client: Client) {}

  @Get()
  async picture(@Query("prompt") prompt: string): Promise<StreamableFile> {
    const { files } = await sdxlLighting(this.client, { prompt }).result();
    return new StreamableFile(await files[0]!.bytes(), { type: "image/png" });
  }
}

@Module({
  controllers: [PicturesController],
  providers: [
    {
      provide: VISIONATRIX,
      useFactory: () =>
        createClient({
          baseUrl: process.env["VIX_URL"] ?? "http://localhost:8288",
          auth: {
            username: process.env["VIX_USERNAME"] ?? "admin",
            password: process.env["VIX_PASSWORD"] ?? "admin",
          },
        }),
    },
  ],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
  await app.listen(process.env["PORT"] ?? 3000, "127.0.0.1");
  console.log(`Listening on ${await app.getUrl()}`);
}

void main();
